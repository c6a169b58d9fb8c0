// The bot registration of Signpost in Azure: where Microsoft Teams sends what is said to Signpost.
// It holds no secret and no word of any conversation. ../teams/README.md leads through it.
//
//   az deployment group create --resource-group signpost --template-file main.bicep \
//     --parameters appId=... --parameters tenantId=... --parameters publicUrl=https://signpost.hillside.example
targetScope = 'resourceGroup'

@description('Application (client) ID of the app registration, as in TEAMS_APP_ID.')
@minLength(36)
@maxLength(36)
param appId string

@description('Directory (tenant) ID of your school or trust, as in TEAMS_TENANT_ID. Nobody outside it can use the bot.')
@minLength(36)
@maxLength(36)
param tenantId string

@description('The https address at which Teams reaches Signpost, as in public_url, without a path and without a slash at its end.')
@minLength(12)
param publicUrl string

@description('Name of the registration in Azure. It must be free in all of Azure: add the name of your school where it is not.')
@minLength(4)
@maxLength(42)
param botName string = 'signpost-${uniqueString(resourceGroup().id)}'

@description('F0 costs nothing. S1 comes with a service level agreement. Messages of Teams are not charged in either.')
@allowed(['F0', 'S1'])
param sku string = 'F0'

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: botName
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: sku
  }
  properties: {
    displayName: 'Signpost'
    description: 'Answers staff from their own school\'s policies, in the policy\'s own words.'
    endpoint: '${publicUrl}/api/messages'
    msaAppType: 'SingleTenant'
    msaAppId: appId
    msaAppTenantId: tenantId
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      isEnabled: true
      acceptedTerms: true // by whoever deploys this: they are those of Microsoft Teams for bots
      enableCalling: false
    }
  }
}

@description('The messaging endpoint that Teams was given.')
output endpoint string = bot.properties.endpoint

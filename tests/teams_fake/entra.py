"""What the app asks of Entra and of the Bot Service, beside conversations: tokens, and the keys of theirs."""

from aiohttp import web

from tests.teams_fake.errors import Json
from tests.teams_fake.keys import ISSUER, KeyRing
from tests.teams_fake.service import Call, Done, Service
from tests.teams_fake.tickets import Tickets
from tests.teams_fake.world import World

LOGIN = "https://login.microsoftonline.com"
SIGNING = "https://login.botframework.com"
METADATA = f"{SIGNING}/v1/.well-known/openidconfiguration"
_JWKS = "/v1/.well-known/keys"
_ALIASES = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]


class Entra:
    """Gives the app the tokens with which it acts, for its secret."""

    def __init__(self, world: World, tickets: Tickets) -> None:
        """Know the tenants of a world, and the app's own."""
        self._world = world
        self._tickets = tickets

    def add_to(self, server: web.Application, service: Service) -> None:
        """Add the routes."""
        configuration = "/{tenant}/v2.0/.well-known/openid-configuration"
        server.router.add_get("/common/discovery/instance", service.handler("instances", self._instances))
        server.router.add_get(configuration, service.handler("tenant", self._tenant))
        server.router.add_post("/{tenant}/oauth2/v2.0/token", service.handler("token", self._token))

    def _named(self, call: Call) -> str:
        tenant = call.path["tenant"]
        if tenant not in {self._world.app.tenant_id, *self._world.tenants}:
            raise self._tickets.unknown_tenant(tenant)
        return tenant

    def _tenant(self, call: Call) -> Done:
        tenant = self._named(call)
        found: Json = {"issuer": f"{LOGIN}/{tenant}/v2.0", "tenant_region_scope": "EU"}
        found["authorization_endpoint"] = f"{LOGIN}/{tenant}/oauth2/v2.0/authorize"
        found["token_endpoint"] = f"{LOGIN}/{tenant}/oauth2/v2.0/token"
        found["device_authorization_endpoint"] = f"{LOGIN}/{tenant}/oauth2/v2.0/devicecode"
        return Done(found)

    def _token(self, call: Call) -> Done:
        return Done(self._tickets.issue(self._named(call), call.body))

    def _instances(self, call: Call) -> Done:
        known = {"preferred_network": _ALIASES[0], "preferred_cache": "login.windows.net", "aliases": _ALIASES}
        endpoint = f"{LOGIN}/common/v2.0/.well-known/openid-configuration"
        return Done({"tenant_discovery_endpoint": endpoint, "api-version": "1.1", "metadata": [known]})


class BotService:
    """Publishes the keys with which it signs what it sends to the app."""

    def __init__(self, keys: KeyRing) -> None:
        """Publish the keys of a ring."""
        self._keys = keys

    def add_to(self, server: web.Application, service: Service) -> None:
        """Add the routes."""
        server.router.add_get("/v1/.well-known/openidconfiguration", service.handler("openid", self._openid))
        server.router.add_get(_JWKS, service.handler("keys", self._jwks))

    def _openid(self, call: Call) -> Done:
        found: Json = {"issuer": ISSUER, "authorization_endpoint": "https://invalid.botframework.com"}
        found["jwks_uri"] = f"{SIGNING}{_JWKS}"
        found["id_token_signing_alg_values_supported"] = ["RS256"]
        found["token_endpoint_auth_methods_supported"] = ["private_key_jwt"]
        return Done(found)

    def _jwks(self, call: Call) -> Done:
        return Done(self._keys.jwks())

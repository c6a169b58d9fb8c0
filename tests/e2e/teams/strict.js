// What the card library finds wrong with a card at version 1.5, and what it passes over in silence:
// a property or an element that it does not know, a value of the wrong kind, and what Teams alone refuses.
(() => {
  const AC = window.AdaptiveCards;
  const VERSION = AC.Versions.v1_5;
  // Children stand outside the library's schema of properties; each name says what it may hold.
  const CHILDREN = {
    AdaptiveCard: { body: "element", actions: "action" },
    Container: { items: "element" },
    Column: { items: "element" },
    TableCell: { items: "element" },
    ColumnSet: { columns: "Column" },
    Table: { rows: "TableRow" },
    TableRow: { cells: "TableCell" },
    RichTextBlock: { inlines: "TextRun" },
    ActionSet: { actions: "action" },
    "Action.ShowCard": { card: "AdaptiveCard" },
  };
  const PARTS = ["AdaptiveCard", "Column", "TableRow", "TableCell", "TextRun"];
  const MSTEAMS = { width: ["Full", "full"], entities: null };
  const MAX_BUTTONS = 6;

  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const isText = (value) => typeof value === "string";
  const KINDS = [
    [AC.StringProperty, isText],
    [AC.BoolProperty, (value) => typeof value === "boolean"],
    [AC.NumProperty, (value) => typeof value === "number"],
    [AC.EnumProperty, isText],
    [AC.ContainerStyleProperty, isText],
    [AC.StringArrayProperty, (value) => Array.isArray(value) && value.every(isText)],
    [AC.SerializableObjectCollectionProperty, Array.isArray],
    [AC.ActionProperty, isObject],
    [AC.RefreshActionProperty, isObject],
  ];
  const isA = (property, ...kinds) => kinds.some((kind) => property instanceof kind);

  function classOf(type, kind) {
    if (PARTS.includes(kind)) return AC[kind];
    const registry = kind === "action" ? AC.GlobalRegistry.actions : AC.GlobalRegistry.elements;
    const found = registry.findByName(type);
    return found && found.schemaVersion.compareTo(VERSION) <= 0 ? found.objectType : undefined;
  }

  function schemaOf(objectType) {
    const schema = new objectType().getSchema();
    const known = new Map();
    for (let i = 0; i < schema.getCount(); i++) known.set(schema.getItemAt(i).name, schema.getItemAt(i));
    return known;
  }

  function walkProperty(property, value, path, faults) {
    const [, fits] = KINDS.find(([kind]) => isA(property, kind)) ?? [];
    if (fits && !fits(value)) return faults.push(`${path}: a value of the wrong kind`);
    if (property.targetVersion.compareTo(VERSION) > 0) faults.push(`${path}: newer than version 1.5`);
    if (isA(property, AC.SerializableObjectCollectionProperty)) {
      value.forEach((item, i) => walkPlain(property.objectType, item, `${path}[${i}]`, faults));
    } else if (isA(property, AC.SerializableObjectProperty) && isObject(value)) {
      if (property.name !== "requires") walkPlain(property.objectType, value, path, faults);
    } else if (isA(property, AC.ActionProperty, AC.RefreshActionProperty)) walkTyped(value, "action", path, faults);
  }

  function walkPlain(objectType, json, path, faults) {
    if (!isObject(json)) return faults.push(`${path}: no object`);
    const known = schemaOf(objectType);
    for (const [name, value] of Object.entries(json)) {
      if (known.has(name)) walkProperty(known.get(name), value, `${path}.${name}`, faults);
      else faults.push(`${path}.${name}: unknown property`);
    }
  }

  function walkChildren(kind, value, path, faults) {
    if (kind === "AdaptiveCard") return walkTyped(value, kind, path, faults);
    if (!Array.isArray(value)) return faults.push(`${path}: no list`);
    if (kind === "action" && value.length > MAX_BUTTONS) faults.push(`${path}: more than ${MAX_BUTTONS} buttons`);
    value.forEach((item, i) => walkTyped(item, kind, `${path}[${i}]`, faults));
  }

  function walkMsteams(value, path, faults) {
    if (!isObject(value)) return faults.push(`${path}: no object`);
    for (const [name, item] of Object.entries(value)) {
      const allowed = MSTEAMS[name];
      if (allowed === undefined) faults.push(`${path}.${name}: unknown property`);
      else if (allowed && !allowed.includes(item)) faults.push(`${path}.${name}: unknown value`);
    }
  }

  function walkTyped(json, kind, path, faults) {
    if (!isObject(json)) return faults.push(`${path}: no object`);
    const type = json.type ?? (PARTS.includes(kind) ? kind : undefined);
    const objectType = classOf(type, kind);
    if (!objectType || (PARTS.includes(kind) && type !== kind)) return faults.push(`${path}: unknown type ${type}`);
    const known = schemaOf(objectType);
    const children = CHILDREN[type] ?? {};
    for (const [name, value] of Object.entries(json)) {
      const here = `${path}.${name}`;
      if (name in children) walkChildren(children[name], value, here, faults);
      else if (name === "msteams" && type === "AdaptiveCard") walkMsteams(value, here, faults);
      else if (name === "fallback") value === "drop" || walkTyped(value, kind, here, faults);
      else if (known.has(name)) walkProperty(known.get(name), value, here, faults);
      else faults.push(`${here}: unknown property`);
    }
  }

  function libraryFaults(json) {
    const context = new AC.SerializationContext(VERSION);
    const card = new AC.AdaptiveCard();
    try {
      card.parse(json, context);
    } catch (error) {
      return [error.message];
    }
    const faults = [];
    for (let i = 0; i < context.eventCount; i++) faults.push(context.getEventAt(i).message);
    for (const event of card.validateProperties().validationEvents) faults.push(event.message);
    return faults;
  }

  window.faultsOf = (json) => {
    const faults = [];
    if (json.version !== "1.5") faults.push(`card.version: ${json.version}, not 1.5`);
    walkTyped(json, "AdaptiveCard", "card", faults);
    return faults.concat(libraryFaults(json));
  };
})();

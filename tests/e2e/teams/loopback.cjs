// Preloaded by Node (-r). The playground listens on every address of the machine and has no setting for that, and calls
// Microsoft even with its telemetry off: here it is heard, and speaks, on this machine alone.
const { Server, Socket } = require("node:net");

const OURS = ["127.0.0.1", "localhost", "::1"];

const { listen } = Server.prototype;
Server.prototype.listen = function (first, ...rest) {
  if (typeof first === "object" && first !== null && "port" in first) {
    return listen.call(this, { ...first, host: "127.0.0.1" }, ...rest);
  }
  if (typeof rest[0] === "string") rest.shift();
  return listen.call(this, first, "127.0.0.1", ...rest);
};

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...given) {
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const host = typeof first === "object" ? first.host : second;
  if (typeof host !== "string" || OURS.includes(host)) return connect.apply(this, given);
  process.nextTick(() => this.destroy(new Error(`not called: ${host}`)));
  return this;
};

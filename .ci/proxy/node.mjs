// toxiproxy-node-client: the calls that its documentation shows.

import assert from "node:assert/strict";
import net from "node:net";
import clients from "toxiproxy-node-client";

const { Toxiproxy } = clients;
const [api, upstream] = process.argv.slice(2);
const toxiproxy = new Toxiproxy(`http://${api}`);

/** The first bytes of the reply, or the code of the error. */
function exchange(listen) {
  const [host, port] = listen.split(":");
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), host, () => socket.write("Ipin\n"));
    socket.setTimeout(1000, () => { socket.destroy(); resolve("silence"); });
    socket.on("data", (data) => { socket.destroy(); resolve(String(data).slice(0, 4)); });
    socket.on("error", (error) => resolve(error.code));
    socket.on("end", () => resolve("end"));
  });
}

assert.match(JSON.stringify(await toxiproxy.getVersion()), /2\.12\.0/);
const proxy = await toxiproxy.createProxy({ listen: "localhost:0", name: "node", upstream });
assert.match(proxy.listen, /^127\.0\.0\.1:\d+$/);
assert.equal(await exchange(proxy.listen), "iPIN");

const kinds = {
  latency: { latency: 10, jitter: 2 }, bandwidth: { rate: 1000 }, slow_close: { delay: 10 },
  timeout: { timeout: 1000 }, slicer: { average_size: 8, size_variation: 4, delay: 10 },
  limit_data: { bytes: 2 }, reset_peer: { timeout: 0 },
};
for (const [type, attributes] of Object.entries(kinds)) {
  const toxic = await proxy.addToxic({ attributes, name: `a_${type}`, stream: "downstream", toxicity: 1, type });
  assert.deepEqual({ ...toxic.attributes }, attributes);
  assert.equal((await proxy.getToxic(`a_${type}`)).type, type);
  await toxic.remove();
}

const limit = await proxy.addToxic({ attributes: { bytes: 2 }, name: "l", stream: "downstream", toxicity: 1, type: "limit_data" });
assert.equal(await exchange(proxy.listen), "iP");
const updated = await limit.update({ attributes: { bytes: 3 }, toxicity: 1 });
assert.equal(updated.attributes.bytes, 3);
assert.equal(await exchange(proxy.listen), "iPI");
await proxy.addToxic({ attributes: { timeout: 0 }, name: "r", stream: "upstream", toxicity: 1, type: "reset_peer" });
assert.equal(await exchange(proxy.listen), "ECONNRESET");
await toxiproxy.reset();
assert.equal(await exchange(proxy.listen), "iPIN");

const off = await proxy.update({ enabled: false, listen: proxy.listen, upstream });
assert.equal(off.enabled, false);
assert.equal(await exchange(proxy.listen), "ECONNREFUSED");
await assert.rejects(toxiproxy.createProxy({ listen: "localhost:0", name: "node", upstream }), /409/);
await assert.rejects(toxiproxy.createProxy({ listen: api, name: "taken", upstream }), /500/);
await assert.rejects(toxiproxy.get("nothing"), /404/);
await assert.rejects(proxy.addToxic({ attributes: {}, name: "x", stream: "downstream", toxicity: 1, type: "latncy" }), /400/);

const populated = await toxiproxy.populate([{ name: "p1", listen: "localhost:0", upstream }, { name: "p2", listen: "localhost:0", upstream }]);
assert.deepEqual(Object.keys(populated).sort(), ["p1", "p2"]);
assert.deepEqual(Object.keys(await toxiproxy.getAll()).sort(), ["node", "p1", "p2"]);
await proxy.remove();
await assert.rejects(toxiproxy.get("node"), /404/);
console.log("toxiproxy-node-client: proxies, every kind of toxic, updates, reset, populate, errors: as documented");

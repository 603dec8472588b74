// Meets an error and dies of it: node client.js CASE.
const net = require("net"), http = require("http"), https = require("https"), dgram = require("dgram"), dns = require("dns");
const HOST = "127.0.0.1";
const cases = {
  refused: () => net.connect(12345, HOST),
  refused_localhost: () => net.connect(12345, "localhost"),
  refused_http: () => http.get(`http://${HOST}:12345/`),
  refused_fetch: () => fetch(`http://${HOST}:12345/`),
  refused_udp: () => { const s = dgram.createSocket("udp4"); s.connect(12345, HOST, () => { s.send("Ipin"); }); },
  in_use: () => net.createServer().listen(12353, HOST),
  in_use_udp: () => dgram.createSocket("udp4").bind(12346, HOST),
  not_available: () => net.createServer().listen(12345, "203.0.113.9"),
  privileged: () => net.createServer().listen(80, HOST),
  reset: () => { const s = net.connect(12347, HOST, () => s.write("Ipin\n")); },
  unreachable_network: () => net.connect(12345, "203.0.113.9"),
  unreachable_host: () => net.connect(12345, "192.0.2.9"),
  no_name: () => net.connect(12345, "nosuch.test"),
  name_fails: () => net.connect(12345, "fail.test"),
  no_name_fetch: () => fetch("http://nosuch.test/"),
  no_reply: () => http.get(`http://${HOST}:12348/`),
  short_body: async () => { const r = await fetch(`http://${HOST}:12349/`); await r.text(); },
  not_http: () => http.get(`http://${HOST}:12350/`),
  tls: () => https.get("https://localhost:12352/"),
  tls_to_plain: () => https.get(`https://${HOST}:12351/`),
  timeout: () => fetch(`http://${HOST}:12346/`, { signal: AbortSignal.timeout(300) }),
  too_long: () => dgram.createSocket("udp4").send(Buffer.alloc(70000), 12345, HOST),
  caught: () => net.connect(12345, HOST).on("error", (error) => { console.error("cannot reach the server:", error.message); process.exit(1); }),
  inspected: () => net.connect(12345, HOST).on("error", (error) => { console.error(error); process.exit(1); }),
};
cases[process.argv[2]]();

import test from "ava";
import fc from "fast-check";
import { route, SETTINGS as settings, someRoutes } from "./routes.fixture.ts";
import { renderRules } from "./rules.ts";
import { looseEnds, type Packet, trace, type Verdict } from "./trace.fixture.ts";
import { fullTransaction, NOTHING_FOUND } from "./transaction.ts";

const OWN = ["192.168.0.1", "10.244.1.1", "127.0.0.1", "10.96.0.10"];
const POD = "10.244.1.9";
const OUTSIDE = "203.0.113.77";
const NODE = "192.168.0.1";

type Routes = Parameters<typeof renderRules>[0];
const textOf = (routes: Routes) => fullTransaction(renderRules(routes, settings), NOTHING_FOUND);
const packet = (from: string, to: string, port: number, protocol: Packet["protocol"] = "tcp"): Packet => ({
	from,
	to,
	port,
	protocol,
});
const send = (routes: Routes, from: string, to: string, port: number, random = 0): Verdict =>
	trace(textOf(routes), packet(from, to, port), { own: OWN, random: () => random, recent: new Set() });

test("a cluster address leads to each backend with the same chance", (t) => {
	const backends = [1, 2, 3, 4].map((pod) => ({ address: `10.244.2.${pod}`, port: 8080 }));
	const text = textOf([route({ backends, localBackends: [] })]);
	let seed = 1;
	const random = () => {
		seed = (seed * 48_271) % 2_147_483_647;
		return seed / 2_147_483_647;
	};
	const counts = new Map<string, number>();
	for (let i = 0; i < 4_000; i++) {
		const { to } = trace(text, packet(POD, "10.96.0.20", 80), { own: OWN, random });
		counts.set(to, (counts.get(to) ?? 0) + 1);
	}
	t.is(counts.size, 4);
	for (const count of counts.values()) t.true(Math.abs(count - 1_000) < 150, `${count}`);
});

test("pods keep their address towards a service; others are masqueraded", (t) => {
	t.like(send([route()], POD, "10.96.0.20", 80), {
		to: "10.244.1.2:8080",
		verdict: "accept",
		masqueraded: false,
	});
	t.like(send([route()], OUTSIDE, "10.96.0.20", 80), { to: "10.244.1.2:8080", masqueraded: true });
	t.like(send([route()], NODE, "10.96.0.20", 80), { to: "10.244.1.2:8080", masqueraded: true });
});

test("a pod that reaches itself is masqueraded, and the mark is cleared again", (t) => {
	t.like(send([route()], "10.244.1.2", "10.96.0.20", 80), {
		to: "10.244.1.2:8080",
		masqueraded: true,
		mark: 0,
	});
});

test("what pods send out of the cluster is masqueraded; to pods and nodes it is not", (t) => {
	t.true(send([], POD, "203.0.113.5", 443).masqueraded);
	t.false(send([], POD, "10.244.7.7", 443).masqueraded);
	t.false(send([], POD, "192.168.0.2", 443).masqueraded);
	t.false(send([], OUTSIDE, "10.244.1.9", 443).masqueraded);
});

test("a service without backends is refused at all of its addresses", (t) => {
	const empty = route({ backends: [], localBackends: [], nodePort: 30_080, externalIPs: ["198.51.100.7"] });
	for (const from of [POD, NODE, OUTSIDE]) {
		t.is(send([empty], from, "10.96.0.20", 80).verdict, "reject");
		t.is(send([empty], from, "198.51.100.7", 80).verdict, "reject");
		t.is(send([empty], from, NODE, 30_080).verdict, "reject");
	}
	t.is(send([empty], POD, NODE, 30_081).verdict, "accept");
});

test("service addresses that no service has are refused, but not the DNS address", (t) => {
	t.is(send([route()], POD, "10.96.0.20", 81).verdict, "reject");
	t.is(send([route()], NODE, "10.96.9.9", 80).verdict, "reject");
	t.is(send([route()], POD, "10.96.0.10", 53).verdict, "accept");
	t.is(send([route()], NODE, "10.96.0.10", 53).verdict, "accept");
});

test("a service at the DNS address is left to the node's own server", (t) => {
	const dns = route({
		id: "kube-system/kube-dns:dns",
		clusterIP: "10.96.0.10",
		port: 53,
		backends: [],
		localBackends: [],
	});
	t.like(send([dns], POD, "10.96.0.10", 53), { to: "10.96.0.10:53", verdict: "accept" });
});

test("node ports answer at every address of the node but loopback", (t) => {
	const routes = [route({ nodePort: 30_080 })];
	t.like(send(routes, OUTSIDE, NODE, 30_080), { to: "10.244.1.2:8080", masqueraded: true });
	t.like(send(routes, OUTSIDE, "10.244.1.1", 30_080), { to: "10.244.1.2:8080" });
	t.like(send(routes, NODE, "127.0.0.1", 30_080), { to: "127.0.0.1:30080" });
	t.like(send(routes, OUTSIDE, "192.168.0.2", 30_080), { to: "192.168.0.2:30080" });
});

test("with the local policy clients outside keep their address and reach this node's backends alone", (t) => {
	const routes = [route({ nodePort: 30_080, externalPolicy: "Local", externalIPs: ["198.51.100.7"] })];
	for (const random of [0, 0.4, 0.9]) {
		t.like(send(routes, OUTSIDE, NODE, 30_080, random), { to: "10.244.1.2:8080", masqueraded: false });
		t.like(send(routes, OUTSIDE, "198.51.100.7", 80, random), { to: "10.244.1.2:8080", masqueraded: false });
	}
	// Within the cluster the policy does not apply.
	t.like(send(routes, POD, NODE, 30_080, 0.9), { to: "10.244.2.2:8080", masqueraded: false });
	t.like(send(routes, NODE, NODE, 30_080, 0.9), { to: "10.244.2.2:8080", masqueraded: true });
});

test("with the local policy and no backend here traffic from outside is dropped, the cluster's is not", (t) => {
	const routes = [route({ nodePort: 30_080, externalPolicy: "Local", localBackends: [] })];
	t.is(send(routes, OUTSIDE, NODE, 30_080).verdict, "drop");
	t.like(send(routes, POD, NODE, 30_080), { to: "10.244.1.2:8080", verdict: "accept" });
	t.like(send(routes, POD, "10.96.0.20", 80, 0.9), { to: "10.244.2.2:8080", verdict: "accept" });
});

test("with the internal local policy pods reach this node's backends alone, or nothing", (t) => {
	const local = route({ internalPolicy: "Local" });
	for (const random of [0, 0.9])
		t.like(send([local], POD, "10.96.0.20", 80, random), { to: "10.244.1.2:8080" });
	t.is(send([route({ internalPolicy: "Local", localBackends: [] })], POD, "10.96.0.20", 80).verdict, "drop");
});

test("a load balancer's address is for allowed sources alone", (t) => {
	const routes = [route({ loadBalancerIPs: ["198.51.100.1"], allowedSources: ["203.0.113.0/24"] })];
	t.like(send(routes, OUTSIDE, "198.51.100.1", 80), { to: "10.244.1.2:8080", verdict: "accept" });
	t.is(send(routes, "192.0.2.1", "198.51.100.1", 80).verdict, "drop");
	t.like(send(routes, "192.0.2.1", "10.96.0.20", 80), { to: "10.244.1.2:8080" });
});

test("with affinity a client comes back to its backend, others need not", (t) => {
	const text = textOf([route({ affinity: 60 })]);
	const recent = new Set<string>();
	const ask = (from: string, random: number) =>
		trace(text, packet(from, "10.96.0.20", 80), { own: OWN, random: () => random, recent }).to;
	t.is(ask(POD, 0.9), "10.244.2.2:8080");
	for (const random of [0, 0.3, 0.9]) t.is(ask(POD, random), "10.244.2.2:8080");
	t.is(ask("10.244.1.8", 0), "10.244.1.2:8080");
});

test("protocols of one port number do not mix", (t) => {
	const udp = route({
		id: "default/web:dns",
		protocol: "UDP",
		backends: [{ address: "10.244.5.5", port: 53 }],
	});
	const text = textOf([route(), udp]);
	const to = (protocol: Packet["protocol"]) =>
		trace(text, packet(POD, "10.96.0.20", 80, protocol), { own: OWN }).to;
	t.is(to("tcp"), "10.244.1.2:8080");
	t.is(to("udp"), "10.244.5.5:53");
	t.is(to("sctp"), "10.96.0.20:80");
});

test("of two services with one external address and port the first by name has it", (t) => {
	const shared = { externalIPs: ["198.51.100.7"] };
	const first = route({ ...shared, id: "default/a", backends: [{ address: "10.244.3.1", port: 1 }] });
	const second = route({ ...shared, id: "default/b", clusterIP: "10.96.0.21" });
	t.is(send([second, first], OUTSIDE, "198.51.100.7", 80).to, "10.244.3.1:1");
});

test("IPv6 routes are rendered with IPv6 matches", (t) => {
	const six = route({
		family: "IPv6",
		clusterIP: "fd00:96::20",
		backends: [{ address: "fd00:244::2", port: 8080 }],
		localBackends: [],
	});
	const { nat } = renderRules([six, route()], {
		...settings,
		family: "IPv6",
		clusterCidr: "fd00:244::/56",
		serviceCidr: "fd00:96::/112",
		clusterDns: "fd00:96::a",
		nodeAddresses: ["fd00::1"],
	});
	const rules = [...nat.values()].flat();
	t.true(rules.some((rule) => rule.includes("--to-destination [fd00:244::2]:8080")));
	t.true(rules.some((rule) => rule.includes("-d fd00:96::20/128 -p tcp -m tcp --dport 80")));
	t.false(rules.some((rule) => rule.includes("10.96.0.20")));
});

test("no rule leads nowhere, no chain is left over, and names fit", (t) => {
	fc.assert(
		fc.property(someRoutes, (routes) => {
			// Routes that do not contend for an address; the chains of one that loses all of its addresses are left over.
			const apart = routes.map((each, index) => ({
				...each,
				clusterIP: `10.96.7.${index}`,
				nodePort: each.nodePort && 30_000 + index,
				externalIPs: each.externalIPs.map((_, at) => `203.0.${at}.${index}`),
				loadBalancerIPs: each.loadBalancerIPs.map(() => `198.51.100.${index}`),
			}));
			t.deepEqual(looseEnds(textOf(apart)), []);
			t.deepEqual(
				looseEnds(textOf(routes)).filter((problem) => !problem.endsWith("is unused")),
				[],
			);
			const { nat, filter } = renderRules(routes, settings);
			for (const name of [...nat.keys(), ...filter.keys()]) t.true(name.length <= 28, name);
		}),
		{ numRuns: 60 },
	);
	t.pass();
});

test("the order of routes does not matter, and the same routes give the same bytes", (t) => {
	fc.assert(
		fc.property(someRoutes, (routes) => {
			t.is(textOf(routes), textOf([...routes].reverse()));
		}),
		{ numRuns: 40 },
	);
});

test("every route leads to one of its own backends, or is refused", (t) => {
	fc.assert(
		fc.property(someRoutes, fc.double({ min: 0, max: 0.999, noNaN: true }), (routes, random) => {
			const text = textOf(routes);
			for (const { clusterIP, port, protocol, backends } of routes) {
				const rivals = routes.filter((each) => each.clusterIP === clusterIP && each.port === port);
				if (rivals.filter((each) => each.protocol === protocol).length > 1) continue;
				const sent = packet(POD, clusterIP, port, protocol.toLowerCase() as Packet["protocol"]);
				const { to, verdict } = trace(text, sent, { own: OWN, random: () => random });
				if (verdict === "accept")
					t.true(
						backends.some((b) => `${b.address}:${b.port}` === to),
						to,
					);
				else t.is(to, `${clusterIP}:${port}`);
				if (backends.length === 0) t.is(verdict, "reject");
			}
		}),
		{ numRuns: 60 },
	);
});

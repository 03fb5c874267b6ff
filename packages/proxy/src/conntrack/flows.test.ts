import test from "ava";
import { route } from "../iptables/routes.fixture.ts";
import type { ServiceRoute } from "../services.ts";
import { isUnchanged, NO_ENTRANCES, parseFlows, savedEntrances, staleFlows, udpEntrances } from "./flows.ts";

const udp = (backends: readonly string[], changes: Partial<ServiceRoute> = {}) =>
	udpEntrances([
		route({
			protocol: "UDP",
			port: 53,
			backends: backends.map((address) => ({ address, port: 5353 })),
			localBackends: [],
			...changes,
		}),
	]);
const flow = (address: string, port: number, answeredBy: string, answeredPort = 5353) => ({
	...{ address, port, answeredBy, answeredPort },
});
const isOwn = (address: string) => address === "192.168.0.1";
const translated = flow("10.96.0.20", 53, "10.244.1.2");
const untranslated = flow("10.96.0.20", 53, "10.96.0.20", 53);

test("N to M: flows to backends that are gone are stale, others stay", (t) => {
	const stays = flow("10.96.0.20", 53, "10.244.1.3");
	const before = udp(["10.244.1.2", "10.244.1.3"]);
	t.deepEqual(staleFlows([translated, stays], before, udp(["10.244.1.3"]), isOwn), [translated]);
});

test("N to 0, and a service that is gone: all of its flows are stale", (t) => {
	const before = udp(["10.244.1.2"]);
	t.deepEqual(staleFlows([translated], before, udp([]), isOwn), [translated]);
	t.deepEqual(staleFlows([translated], before, NO_ENTRANCES, isOwn), [translated]);
});

test("0 to N: flows that nothing translated are stale", (t) => {
	t.deepEqual(staleFlows([untranslated, translated], udp([]), udp(["10.244.1.2"]), isOwn), [untranslated]);
});

test("node ports count on this host's own addresses", (t) => {
	const entrances = udp(["10.244.1.3"], { nodePort: 30_053 });
	const stale = flow("192.168.0.1", 30_053, "10.244.1.2");
	t.deepEqual(
		staleFlows([stale, flow("192.168.0.2", 30_053, "10.244.1.2")], NO_ENTRANCES, entrances, isOwn),
		[stale],
	);
});

test("flows of others are never stale", (t) => {
	const others = [flow("8.8.8.8", 53, "8.8.8.8", 53), flow("192.168.0.1", 8472, "192.168.0.1", 8472)];
	t.deepEqual(staleFlows(others, udp(["10.244.1.2"]), NO_ENTRANCES, isOwn), []);
});

test("each kind of flow is named once, however many clients have it", (t) => {
	t.is(staleFlows([translated, { ...translated }], NO_ENTRANCES, udp([]), isOwn).length, 1);
});

test("TCP routes are no UDP entrances; order does not matter", (t) => {
	t.true(isUnchanged(udpEntrances([route()]), NO_ENTRANCES));
	t.true(isUnchanged(udp(["10.244.1.2", "10.244.1.3"]), udp(["10.244.1.3", "10.244.1.2"])));
	t.false(isUnchanged(udp(["10.244.1.2"]), udp(["10.244.1.3"])));
	t.false(isUnchanged(udp([]), udp([], { nodePort: 30_053 })));
});

test("reads what conntrack prints", (t) => {
	const text = [
		"udp      17 27 src=10.244.1.2 dst=10.96.0.20 sport=4242 dport=53 src=10.244.1.3 dst=10.244.1.2 sport=5353 dport=4242 mark=0 use=1",
		"udp      17 27 src=10.244.1.2 dst=10.96.0.21 sport=4242 dport=53 [UNREPLIED] src=10.96.0.21 dst=10.244.1.2 sport=53 dport=4242 mark=0 use=1",
		"conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.",
		"",
	].join("\n");
	t.deepEqual(parseFlows(text), [
		flow("10.96.0.20", 53, "10.244.1.3"),
		flow("10.96.0.21", 53, "10.96.0.21", 53),
	]);
});

test("reads the entrances that an earlier run left in the rules", (t) => {
	const { addresses, nodePorts } = savedEntrances([
		'-A BERTH-NET-ABCDEFGHIJKLMNOP -d 10.96.0.20/32 -p udp -m udp --dport 53 -m comment --comment "default/dns:dns" -j BERTH-SVC-X',
		"-A BERTH-NET-ABCDEFGHIJKLMNOP -d 10.96.0.21/32 -p tcp -m tcp --dport 80 -j BERTH-SVC-Y",
		"-A BERTH-NODEPORTS -p udp -m udp --dport 30053 -j BERTH-EXT-X",
		"-A BERTH-SVC-X ! -s 10.244.0.0/16 -d 10.96.0.99/32 -p udp -m udp --dport 53 -j BERTH-MARK-MASQ",
	]);
	t.deepEqual([...addresses.keys()], ["10.96.0.20 53"]);
	t.deepEqual([...nodePorts.keys()], [30_053]);
});

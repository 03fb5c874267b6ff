import test from "ava";
import fc from "fast-check";
import { freeNetwork, hostOf, planLab } from "./plan.ts";

const request = { hosts: 3, network: "10.89.0", stateDirectory: "/var/lib/berth/lab" };

test("the lab without a name has control and numbered hosts", (t) => {
	const plan = planLab(request);
	t.deepEqual(
		plan.hosts.map(({ name, address, netns }) => [name, address, netns]),
		[
			["control", "10.89.0.10", "berth-control"],
			["host-1", "10.89.0.11", "berth-host-1"],
			["host-2", "10.89.0.12", "berth-host-2"],
			["host-3", "10.89.0.13", "berth-host-3"],
		],
	);
	t.is(plan.directory, "/var/lib/berth/lab/default");
	t.is(plan.uplink, "berthlab0");
	t.is(hostOf(plan, "host-2").cgroup, "berth-default/host-2");
});

test("a named lab shares nothing with the lab without a name", (t) => {
	const namesOf = (name?: string) => {
		const plan = planLab({ ...request, name, network: name ? "10.89.1" : "10.89.0" });
		return [
			plan.directory,
			plan.switch,
			plan.uplink,
			...plan.hosts.flatMap((host) => [host.netns, host.cgroup, host.address]),
		];
	};
	const named = new Set(namesOf("test"));
	t.deepEqual(
		namesOf().filter((name) => named.has(name)),
		[],
	);
});

test("interface names fit the kernel's 15 bytes", (t) => {
	const plan = planLab({ ...request, name: "a".repeat(20), hosts: 200, network: "10.89.255" });
	for (const name of [plan.uplink, ...plan.hosts.map((host) => host.port)]) t.true(name.length <= 15, name);
});

test("impossible requests are refused with words", (t) => {
	t.throws(() => planLab({ ...request, hosts: 0 }), { message: /1 to 200 hosts/ });
	t.throws(() => planLab({ ...request, hosts: 1.5 }), { instanceOf: RangeError });
	t.throws(() => planLab({ ...request, name: "../x" }), { message: /a-z, 0-9/ });
	t.throws(() => planLab({ ...request, name: "default" }), { message: /filed under/ });
	t.throws(() => hostOf(planLab(request), "host-9"), { message: /it has control, host-1, host-2, host-3/ });
});

test("the first free network is taken", (t) => {
	t.is(freeNetwork(["0.0.0.0/0", "default", "192.168.1.0/24"]), "10.89.0");
	t.is(freeNetwork(["10.89.0.0/24", "10.89.1.77"]), "10.89.2");
	t.is(freeNetwork(["10.89.0.0/17"]), "10.89.128");
	t.throws(() => freeNetwork(["10.0.0.0/8"]), { message: /no free network/ });
});

test("the free network never holds an address in use", (t) => {
	const octet = fc.integer({ min: 0, max: 255 });
	fc.assert(
		fc.property(fc.array(fc.tuple(octet, octet)), (used) => {
			const network = freeNetwork(used.map(([third, fourth]) => `10.89.${third}.${fourth}`));
			t.false(used.some(([third]) => `10.89.${third}` === network));
		}),
	);
	t.pass();
});

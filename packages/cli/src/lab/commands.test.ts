import test from "ava";
import { boot, enter, makeSwitch, plugIn, setCable } from "./commands.ts";
import { hostOf, planLab } from "./plan.ts";

const plan = planLab({ name: "test", hosts: 2, network: "10.89.7", stateDirectory: "/labs" });
const host = hostOf(plan, "host-1");

test("the switch touches this machine's own network only at the uplink", (t) => {
	const outside = makeSwitch(plan).filter(([program, ...args]) => program === "ip" && args[0] !== "-n");
	t.deepEqual(
		outside.map((command) => command.join(" ")),
		[
			"ip netns add berth-test-switch",
			"ip link add berthlab7 type veth peer name uplink netns berth-test-switch",
			"ip link set berthlab7 alias berth-test-switch",
			"ip address add 10.89.7.1/24 dev berthlab7",
			"ip link set berthlab7 up",
		],
	);
});

test("a host is plugged into the switch with its own address", (t) => {
	const lines = plugIn(plan, host).map((command) => command.join(" "));
	t.is(lines[0], "ip netns add berth-test-host-1");
	t.true(lines.includes("ip -n berth-test-host-1 address add 10.89.7.11/24 dev eth0"));
	t.true(lines.includes("ip -n berth-test-host-1 route add default via 10.89.7.1"));
	t.is(lines.at(-1), "ip -n berth-test-switch link set host-1 master br0 up");
	t.is(setCable(plan, host, "down").join(" "), "ip -n berth-test-switch link set host-1 down");
});

test("a host boots from its group, in namespaces of its own", (t) => {
	const command = boot({
		host,
		groups: ["/cg/berth-test/host-1"],
		initGroups: ["/cg/berth-test/host-1/system/init"],
		script: "/clone/host-init.sh",
		code: "/clone",
	});
	t.is(command[0], "sh");
	const words = command.filter((word) => !word.includes("cgroup.procs"));
	t.true(words.indexOf("/cg/berth-test/host-1") < words.indexOf("--cgroup"), "joined before the namespace");
	t.true(
		words.indexOf("--cgroup") < words.indexOf("/cg/berth-test/host-1/system/init"),
		"moved down after it",
	);
	t.deepEqual(words.slice(-4), ["/clone/host-init.sh", "host-1", "/labs/test/hosts/host-1", "/clone"]);
});

test("commands keep their words when they run inside a host", (t) => {
	const command = enter(4711, ["/a", "/b"], ["echo", "two words", "$HOME;"]);
	t.is(command[3], "/a /b");
	t.true(command.includes("--target=4711"));
	t.deepEqual(command.slice(-3), ["echo", "two words", "$HOME;"]);
});

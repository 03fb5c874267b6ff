import test from "ava";
import { hostOf, planLab } from "./plan.ts";
import { renderStatus } from "./render-status.ts";

const plan = planLab({ hosts: 2, network: "10.89.0", stateDirectory: "/labs" });

test("a lab's state is a table", (t) => {
	const table = renderStatus([
		{
			host: hostOf(plan, "control"),
			up: true,
			cable: "in",
			daemons: [{ name: "server", running: true, memory: 90 * 2 ** 20 }],
		},
		{
			host: hostOf(plan, "host-1"),
			up: true,
			cable: "out",
			daemons: [
				{ name: "docker", running: true, memory: undefined },
				{ name: "agent", running: false, memory: 0 },
			],
		},
		{ host: hostOf(plan, "host-2"), up: false, cable: undefined, daemons: [] },
	]);
	t.deepEqual(table.split("\n"), [
		"HOST      ADDRESS      STATE         DAEMONS",
		"control   10.89.0.10   up            server 90 MiB",
		"host-1    10.89.0.11   up, cut off   docker, agent stopped",
		"host-2    10.89.0.12   down",
	]);
});

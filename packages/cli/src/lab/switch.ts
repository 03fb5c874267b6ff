/** The lab's network: a switch in a namespace of its own, with this machine plugged in beside the hosts. */
import { existsSync, readFileSync } from "node:fs";
import { run } from "../machine/run.ts";
import { makeSwitch } from "./commands.ts";
import { freeNetwork, type LabPlan } from "./plan.ts";

/** Makes the switch unless it is there whole. */
export async function ensureSwitch(plan: LabPlan): Promise<void> {
	if (existsSync(`/run/netns/${plan.switch}`) && ownsUplink(plan)) return;
	await removeSwitch(plan);
	for (const command of makeSwitch(plan)) await run(command);
}

export async function removeSwitch(plan: LabPlan): Promise<void> {
	if (ownsUplink(plan)) await run(["ip", "link", "delete", plan.uplink]);
	if (existsSync(`/run/netns/${plan.switch}`)) await run(["ip", "netns", "delete", plan.switch]);
}

function ownsUplink(plan: LabPlan): boolean {
	try {
		return readFileSync(`/sys/class/net/${plan.uplink}/ifalias`, "utf8").trim() === plan.switch;
	} catch {
		return false;
	}
}

/** A network that collides with nothing this machine has addresses in or routes to. */
export async function chooseNetwork(): Promise<string> {
	const [routes, addresses] = await Promise.all([
		run(["ip", "-json", "-4", "route", "show", "table", "all"]),
		run(["ip", "-json", "-4", "address"]),
	]);
	const destinations = (JSON.parse(routes) as readonly { dst: string }[]).map(({ dst }) => dst);
	const own = (JSON.parse(addresses) as readonly { addr_info?: readonly { local: string }[] }[]).flatMap(
		({ addr_info = [] }) => addr_info.map(({ local }) => local),
	);
	return freeNetwork([...destinations, ...own]);
}

/** Whether the host's cable is in; undefined when the host has none. */
export async function cableOf(plan: LabPlan, port: string): Promise<"in" | "out" | undefined> {
	try {
		const [link] = JSON.parse(await run(["ip", "-json", "-n", plan.switch, "link", "show", port]));
		return (link as { flags: readonly string[] }).flags.includes("UP") ? "in" : "out";
	} catch {
		return undefined;
	}
}

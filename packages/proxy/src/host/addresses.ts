/** What the node needs so that packets for services reach its rules, and questions its DNS server. */
import type { Logger } from "@berth/api";
import type { Run } from "./run.ts";

/** Marks our address on the loopback interface; no device of another kind is in every kernel. */
const LABEL = "lo:berth";
/** Marks our routes: a number that no routing daemon is registered for. */
const ROUTE_PROTOCOL = "75";

/** Gives the loopback interface the address. Of the narrowest scope: it never becomes the source of other traffic. */
export async function addAddress(run: Run, address: string): Promise<void> {
	const { code, stderr } = await run("ip", [
		...["address", "add", `${address}/32`, "dev", "lo"],
		...["scope", "host", "label", LABEL],
	]);
	if (code !== 0 && !/exists|already/i.test(stderr))
		throw new Error(`cannot add ${address} to lo: ${stderr}`);
}

/**
 * A host without a default route has no way to services and refuses to send before any rule is asked: it gets a route
 * over the interface of its own address. No packet takes it: rules turn each to a backend, or refuse it.
 */
export async function ensureServiceRoute(
	{ run, log }: { run: Run; log: Logger },
	{ serviceCidr, nodeAddress }: { serviceCidr: string; nodeAddress: string },
): Promise<void> {
	const [probe = ""] = serviceCidr.split("/");
	const { code } = await run("ip", ["route", "get", probe.replace(/\.0$/, ".1")]);
	if (code === 0) return;
	const { stdout } = await run("ip", ["-oneline", "address", "show", "to", nodeAddress]);
	const [, device] = /^\d+: (\S+)/.exec(stdout) ?? [];
	if (!device) {
		log.warn({ nodeAddress }, "this host has no route to services, and no interface with its node's address");
		return;
	}
	const route = [serviceCidr, "dev", device, "src", nodeAddress, "proto", ROUTE_PROTOCOL];
	const added = await run("ip", ["route", "replace", ...route]);
	if (added.code !== 0) log.warn({ stderr: added.stderr }, "this host has no route to services");
	else log.info({ device, serviceCidr }, "this host has no default route: route to services added");
}

/** Takes back what the functions above did. */
export async function removeAddresses(run: Run): Promise<void> {
	await run("ip", ["address", "flush", "dev", "lo", "label", LABEL]);
	await run("ip", ["route", "flush", "proto", ROUTE_PROTOCOL]);
}

/** What the node needs so that packets for services reach its rules, and questions its DNS server. */
import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import type { Clock, Logger } from "@berth/api";
import type { Run } from "./run.ts";

/** Marks our address on the loopback interface; no device of another kind is in every kernel. */
const LABEL = "lo:berth";
/** Marks our routes: a number that no routing daemon is registered for. */
const ROUTE_PROTOCOL = "75";
/** Milliseconds between looks whether somebody took them away. */
const LOOK_EVERY = 5_000;

export interface AddressOptions {
	readonly run: Run;
	readonly clock: Clock;
	readonly log: Logger;
	/** Where this node answers DNS questions. */
	readonly clusterDns: string;
	readonly serviceCidr: string;
	/** One of this host's own. */
	readonly nodeAddress: string | undefined;
}

/** Puts the address and, where it is needed, the route to services in place. Throws when the address cannot be added. */
export async function prepareAddresses(options: AddressOptions): Promise<void> {
	const { run, clusterDns } = options;
	if (!hasAddress(clusterDns)) await addAddress(run, clusterDns);
	await ensureServiceRoute(options);
}

/** Keeps them there until the signal aborts: addresses and routes vanish when others reconfigure an interface. */
export async function keepAddresses(options: AddressOptions, signal: AbortSignal): Promise<void> {
	const { clock, log } = options;
	while (!signal.aborted) {
		await clock.sleep(LOOK_EVERY, signal);
		if (signal.aborted) return;
		try {
			await prepareAddresses(options);
		} catch (error) {
			log.error({ err: error }, "the address of the cluster DNS could not be put back");
		}
	}
}

/** Takes back what the functions above did. */
export async function removeAddresses(run: Run): Promise<void> {
	await run("ip", ["address", "flush", "dev", "lo", "label", LABEL]);
	await run("ip", ["route", "flush", "proto", ROUTE_PROTOCOL]);
}

const hasAddress = (wanted: string): boolean =>
	Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === wanted));

/** Of the narrowest scope: it never becomes the source of other traffic. */
async function addAddress(run: Run, address: string): Promise<void> {
	const place = ["dev", "lo", "scope", "host", "label", LABEL];
	const { code, stderr } = await run("ip", ["address", "add", `${address}/32`, ...place]);
	if (code !== 0 && !/exists|already/i.test(stderr))
		throw new Error(`cannot add ${address} to lo: ${stderr}`);
}

/**
 * A host without a default route has no way to services and refuses to send before any rule is asked: it gets a route
 * over the interface of its own address. No packet takes it: rules turn each to a backend, or refuse it.
 */
async function ensureServiceRoute({ run, log, serviceCidr, nodeAddress }: AddressOptions): Promise<void> {
	if (hasRoute(await readFile("/proc/net/route", "utf8").catch(() => ""), serviceCidr)) return;
	const [network = ""] = serviceCidr.split("/");
	// Rules of policy routing may know more tables than the main one.
	const { code } = await run("ip", ["route", "get", network.replace(/\.0$/, ".1")]);
	if (code === 0 || !nodeAddress) return;
	const { stdout } = await run("ip", ["-oneline", "address", "show", "up", "to", nodeAddress]);
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

/** Whether a route of the main table, as in /proc/net/route, leads to the network. Numbers there are little-endian. */
export function hasRoute(table: string, cidr: string): boolean {
	const network = (cidr.split("/")[0] ?? "")
		.split(".")
		.reduceRight((sum, byte) => sum * 256 + Number(byte), 0);
	return table
		.split("\n")
		.slice(1)
		.some((line) => {
			const [, destination, , flags, , , , mask] = line.split("\t");
			if (!destination || !mask || !(Number.parseInt(flags ?? "", 16) & 1)) return false;
			return (network & Number.parseInt(mask, 16)) >>> 0 === Number.parseInt(destination, 16);
		});
}

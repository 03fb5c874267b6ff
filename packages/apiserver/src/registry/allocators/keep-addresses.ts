/**
 * Keeps ServiceCIDRs, IPAddresses and services in step: at start, whenever one of them changes, and every few minutes.
 * What a crash left behind (a service without its IPAddress, an IPAddress without its service) is put right here.
 */
import {
	type Clock,
	deepEqual,
	hasReason,
	IPAddress,
	type Kind,
	type KubeObject,
	type Logger,
	Service,
	ServiceCIDR,
	type Transport,
} from "@berth/api";
import type { CacheEvent, Objects } from "../../store/objects.ts";
import type { AddressBook } from "./address-book.ts";
import { planRange } from "./plan-range.ts";
import { DEFAULT_RANGE } from "./service-ranges.ts";

export interface KeepAddressesOptions {
	readonly objects: Objects;
	readonly book: AddressBook;
	/** The server's own ranges, separated by a comma. */
	readonly own: string;
	/** Its user may do everything. */
	readonly transport: Transport;
	readonly clock: Clock;
	readonly log: Logger;
}

const PATH = "/apis/networking.k8s.io/v1/servicecidrs";
const RETRY = 5_000;
const PERIOD = 180_000;

/** Resolves when everything is in step, and keeps it so until disposed. Throws when it cannot be. */
export async function keepAddresses(options: KeepAddressesOptions): Promise<AsyncDisposable> {
	await makeOwnRange(options);
	await settleAll(options);
	const stop = new AbortController();
	const loops = [
		follow(options, Service, stop.signal, (event) => settleService(options, event)),
		follow(options, IPAddress, stop.signal, (event) => settleAddress(options, event)),
		follow(options, ServiceCIDR, stop.signal, () => settleRanges(options)),
		again(options, stop.signal),
	];
	return {
		[Symbol.asyncDispose]: async () => {
			stop.abort();
			await Promise.all(loops);
		},
	};
}

/** What the server was told at its first start stays, whatever it is told later: addresses have been given out. */
async function makeOwnRange({ objects, transport, own }: KeepAddressesOptions): Promise<void> {
	if (objects.of<ServiceCIDR>(ServiceCIDR).get(DEFAULT_RANGE)) return;
	const cidrs = own.split(",").map((cidr) => cidr.trim());
	try {
		await transport.call({
			method: "POST",
			path: PATH,
			body: { metadata: { name: DEFAULT_RANGE }, spec: { cidrs } },
		});
	} catch (error) {
		if (!hasReason(error, "AlreadyExists")) throw error;
	}
}

async function settleAll(options: KeepAddressesOptions): Promise<void> {
	const { objects, book } = options;
	for (const { object } of objects.of<Service>(Service).list()) await recordAll(book, object);
	for (const { key } of objects.of<IPAddress>(IPAddress).list()) await book.release(key);
	await settleRanges(options);
}

async function settleService({ book }: KeepAddressesOptions, event: CacheEvent<Service>): Promise<void> {
	const before = event.previous ? addressesOf(event.previous.object) : [];
	if (event.type === "delete") {
		for (const address of addressesOf(event.current.object)) await book.release(address);
		return;
	}
	await recordAll(book, event.current.object);
	const now = addressesOf(event.current.object);
	for (const address of before) if (!now.includes(address)) await book.release(address);
}

/** Somebody has removed the object of an address in use, or the last one of a range that is going. */
async function settleAddress(options: KeepAddressesOptions, event: CacheEvent<IPAddress>): Promise<void> {
	if (event.type !== "delete") return;
	const { objects, book } = options;
	const { parentRef } = event.current.object.spec;
	const service = objects.of<Service>(Service).get(`${parentRef?.namespace}/${parentRef?.name}`)?.object;
	if (service && addressesOf(service).includes(event.current.key)) await recordAll(book, service);
	await settleRanges(options);
}

async function recordAll(book: AddressBook, service: Service): Promise<void> {
	for (const address of addressesOf(service)) await book.record(address, service);
}

async function settleRanges(options: KeepAddressesOptions): Promise<void> {
	const cache = options.objects.of<ServiceCIDR>(ServiceCIDR);
	for (const { key } of cache.list()) {
		// The object itself, then its status: a write answers when the cache shows it.
		while (await settleRange(options, key));
	}
}

/** True when there may be more to write. */
async function settleRange(
	{ objects, transport, clock }: KeepAddressesOptions,
	name: string,
): Promise<boolean> {
	const all = objects
		.of<ServiceCIDR>(ServiceCIDR)
		.list()
		.map(({ object }) => object);
	const cidr = all.find(({ metadata }) => metadata.name === name);
	if (!cidr) return false;
	const others = all.filter((other) => other !== cidr);
	const addresses = () =>
		objects
			.of<IPAddress>(IPAddress)
			.list()
			.map(({ key }) => key);
	const planned = planRange({ cidr, others, addresses, now: clock.now() });
	if (planned === cidr) return false;
	const isMain = !deepEqual(planned.metadata, cidr.metadata);
	const path = `${PATH}/${name}${isMain ? "" : "/status"}`;
	try {
		await transport.call({ method: "PUT", path, body: planned });
		return isMain;
	} catch (error) {
		// Changed or gone meanwhile: its event comes next.
		if (!hasReason(error, "Conflict", "NotFound")) throw error;
		return false;
	}
}

async function again(options: KeepAddressesOptions, signal: AbortSignal): Promise<void> {
	const { clock, log } = options;
	for (;;) {
		await clock.sleep(PERIOD, signal);
		if (signal.aborted) return;
		await settleAll(options).catch((error: unknown) =>
			log.warn({ err: error }, "cannot put service addresses in order"),
		);
	}
}

/** `settle` for every change, one after the other; all over again after a failure. */
async function follow<T extends KubeObject>(
	options: KeepAddressesOptions,
	kind: Kind<T>,
	signal: AbortSignal,
	settle: (event: CacheEvent<T>) => Promise<void>,
): Promise<void> {
	const { objects, clock, log } = options;
	const cache = objects.of<T>(kind);
	while (!signal.aborted) {
		const watch = cache.watch({ after: cache.revision });
		const end = () => void watch[Symbol.asyncDispose]();
		signal.addEventListener("abort", end);
		try {
			for await (const batch of watch.batches) for (const event of batch) await settle(event);
			return;
		} catch (error) {
			log.warn({ err: error, kind: kind.kind }, "cannot keep service addresses; trying again");
		} finally {
			signal.removeEventListener("abort", end);
			await watch[Symbol.asyncDispose]();
		}
		await clock.sleep(RETRY, signal);
	}
}

const addressesOf = ({ spec }: Service): readonly string[] =>
	(spec.clusterIPs ?? []).filter((address) => address !== "" && address !== "None");

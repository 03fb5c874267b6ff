/**
 * Keeps looking whether the servers behind APIServices can be asked, says so in their conditions, and remembers what
 * they serve. One loop for all: there are few of them.
 */
import {
	APIService,
	type Clock,
	deepEqual,
	Endpoints,
	type KubeObject,
	type Logger,
	Service,
	type Transport,
} from "@berth/api";
import { OutboundError } from "../http/outbound/outbound-error.ts";
import { follow } from "../store/follow.ts";
import type { Objects } from "../store/objects.ts";
import {
	type Availability,
	LOCAL,
	PASSED,
	serviceProblem,
	unavailable,
	withAvailability,
} from "./availability.ts";
import type { ExtensionServers } from "./extension-servers.ts";
import { type DiscoveredResources, discoverResources } from "./remote-discovery.ts";
import { type RemoteOpenApi, readOpenApi } from "./remote-openapi.ts";

/** One version of a group that another server serves. */
export interface RemoteVersion {
	readonly group: string;
	readonly version: string;
	readonly groupPriority: number;
	readonly versionPriority: number;
	/** As they were when the server was last asked with success. */
	readonly resources: DiscoveredResources;
	readonly openApi: RemoteOpenApi;
	/** When that was read; milliseconds since the epoch. */
	readonly openApiAt: number;
	/** False: the server does not answer at present. */
	readonly fresh: boolean;
}

export interface RemoteServices extends AsyncDisposable {
	/** By priority, best first. A changed list is a new array. */
	versions(): readonly RemoteVersion[];
}

export interface RemoteServicesOptions {
	readonly objects: Objects;
	readonly servers: ExtensionServers;
	/** Its user may do everything. */
	readonly transport: Transport;
	readonly clock: Clock;
	readonly log: Logger;
}

/** How often servers are asked that nothing seems to have happened to. */
const RECHECK = 30_000;
/** And those that did not answer. */
const RETRY = 2_000;
/** How long OpenAPI documents are believed. */
const REREAD = 300_000;
/** Objects of busy clusters change all the time. */
const REST = 200;

export function watchRemoteServices(options: RemoteServicesOptions): RemoteServices {
	const { objects, clock, log } = options;
	const stop = new AbortController();
	const { signal } = stop;
	const cache = objects.of<APIService>(APIService);
	let versions: readonly RemoteVersion[] = [];
	let wake: (() => void) | undefined;
	let changed = true;
	const look = () => {
		changed = true;
		wake?.();
	};

	/** Answers after how many milliseconds to look again, whatever happens. */
	const round = async (): Promise<number | undefined> => {
		const services = cache.list().map(({ object }) => object);
		const found = await Promise.all(services.map((service) => examine(options, service, versions, signal)));
		signal.throwIfAborted();
		const next = found.flatMap(({ remote }) => (remote ? [remote] : [])).sort(byPriority);
		if (!deepEqual(next, versions)) versions = next;
		if (!found.every(({ said }) => said) || !next.every(({ fresh }) => fresh)) return RETRY;
		// This server's own groups need no looking after.
		return next.length ? RECHECK : undefined;
	};
	const rest = async (time: number | undefined) => {
		await new Promise<void>((resolve) => {
			const cancel = time === undefined ? () => {} : clock.after(time, resolve);
			wake = () => {
				cancel();
				resolve();
			};
			if (changed || signal.aborted) wake();
		});
		wake = undefined;
	};
	const run = async () => {
		while (!signal.aborted) {
			changed = false;
			let next: number | undefined = RETRY;
			try {
				next = await round();
			} catch (error) {
				if (signal.aborted) return;
				log.warn({ err: error }, "APIServices could not be looked at; trying again");
			}
			// It rejects when this ends.
			await clock.sleep(REST, signal).catch(() => {});
			await rest(next);
		}
	};
	signal.addEventListener("abort", () => wake?.());
	const whenRemote = () => {
		if (versions.length) look();
	};
	const loops = [
		run(),
		follow(objects.of<KubeObject>(APIService), signal, log, look),
		follow(objects.of<KubeObject>(Service), signal, log, whenRemote),
		follow(objects.of<KubeObject>(Endpoints), signal, log, whenRemote),
	];
	return {
		versions: () => versions,
		[Symbol.asyncDispose]: async () => {
			stop.abort();
			await Promise.all(loops);
		},
	};
}

async function examine(
	options: RemoteServicesOptions,
	service: APIService,
	before: readonly RemoteVersion[],
	signal: AbortSignal,
): Promise<{ readonly remote?: RemoteVersion; readonly said: boolean }> {
	const { spec } = service;
	if (!spec.service) {
		return { said: await say(options, service, LOCAL) };
	}
	const { group = "", version = "", groupPriorityMinimum = 0, versionPriority = 0 } = spec;
	const known = before.find((other) => other.group === group && other.version === version);
	const { availability, resources } = await probe(options, service, signal);
	const { openApi, openApiAt } = await openApiOf(options, service, { known, resources, signal });
	const said = await say(options, service, availability);
	const remote: RemoteVersion = {
		group,
		version,
		groupPriority: groupPriorityMinimum,
		versionPriority,
		resources: resources ?? known?.resources ?? [],
		openApi,
		openApiAt,
		fresh: availability.status === "True",
	};
	return { remote, said };
}

/** Read when the server comes or changes what it serves, and now and then: these documents are large. */
async function openApiOf(
	{ servers, clock }: RemoteServicesOptions,
	service: APIService,
	now: {
		readonly known: RemoteVersion | undefined;
		readonly resources: DiscoveredResources | undefined;
		readonly signal: AbortSignal;
	},
): Promise<Pick<RemoteVersion, "openApi" | "openApiAt">> {
	const { known, resources, signal } = now;
	const recent = known?.fresh && clock.now() - known.openApiAt < REREAD;
	if (!resources || (recent && deepEqual(known.resources, resources))) {
		return known ?? { openApi: {}, openApiAt: 0 };
	}
	return { openApi: await readOpenApi(servers, service, signal), openApiAt: clock.now() };
}

async function probe(
	{ objects, servers }: RemoteServicesOptions,
	service: APIService,
	signal: AbortSignal,
): Promise<{ readonly availability: Availability; readonly resources?: DiscoveredResources }> {
	const { namespace = "", name = "" } = service.spec.service ?? {};
	const key = `${namespace}/${name}`;
	const target = objects.of<Service>(Service).get(key)?.object;
	const endpoints = objects.of<Endpoints>(Endpoints).get(key)?.object;
	const problem = serviceProblem(service, target, endpoints);
	if (problem) return { availability: problem };
	try {
		return { availability: PASSED, resources: await discoverResources(servers, service, signal) };
	} catch (error) {
		if (!(error instanceof OutboundError)) throw error;
		return { availability: unavailable("FailedDiscoveryCheck", error.message) };
	}
}

/** Writes the condition where it is another one than before. False: that did not work. */
async function say(
	{ transport, clock, log }: RemoteServicesOptions,
	service: APIService,
	availability: Availability,
): Promise<boolean> {
	const body = withAvailability(service, availability, clock.now());
	if (!body) return true;
	const path = `/apis/${APIService.apiVersion}/${APIService.plural}/${service.metadata.name}/status`;
	try {
		await transport.call({ method: "PUT", path, body });
		return true;
	} catch (error) {
		log.debug({ err: error, name: service.metadata.name }, "an APIService's condition could not be written");
		return false;
	}
}

const byPriority = (a: RemoteVersion, b: RemoteVersion): number =>
	b.groupPriority - a.groupPriority ||
	(a.group < b.group ? -1 : a.group > b.group ? 1 : 0) ||
	b.versionPriority - a.versionPriority;

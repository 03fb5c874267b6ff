/** A whole registry over a memory store, for tests at its seam: requests in, answers out. */
import {
	type AnyKind,
	type Clock,
	KINDS,
	type KubeObject,
	Namespace,
	Service,
	ServiceAccount,
	ServiceCIDR,
	type Status,
	StatusError,
	silentLogger,
	systemClock,
	type UserInfo,
	type Verb,
} from "@berth/api";
import { admissionPlugins } from "../../admission/plugins.ts";
import type { Authorizer, Tokens } from "../../auth/auth.ts";
import { createOutbound } from "../../http/outbound/outbound.ts";
import { createObjects } from "../../store/create-objects.ts";
import { createMemoryStore } from "../../store/memory/memory-store.ts";
import type { Objects } from "../../store/objects.ts";
import type { Store } from "../../store/store.ts";
import { addressBook } from "../allocators/address-book.ts";
import { createServiceAllocator } from "../allocators/service-allocator.ts";
import { serviceRanges } from "../allocators/service-ranges.ts";
import { createRegistry } from "../registry.ts";
import type { Answer, OutgoingEvent, Registry, WatchAnswer } from "../request.ts";
import { createServedKinds } from "../served-kinds.ts";

export const ADMIN: UserInfo = { username: "admin", groups: ["system:masters", "system:authenticated"] };

export interface Ask {
	readonly namespace?: string;
	readonly name?: string;
	readonly subresource?: string;
	readonly query?: Readonly<Record<string, string>>;
	/** Any value; sent as it is inside a process. */
	readonly body?: unknown;
	/** Bytes, sent as over the wire. */
	readonly raw?: string;
	readonly contentType?: string;
	readonly user?: UserInfo;
	readonly signal?: AbortSignal;
}

export interface TestRegistry extends AsyncDisposable {
	readonly registry: Registry;
	readonly authorizer: Authorizer;
	readonly objects: Objects;
	readonly store: Store;
	ask(verb: Verb, kind: AnyKind, ask?: Ask): Promise<Answer>;
	/** The object or value of the answer. */
	value<T = KubeObject>(verb: Verb, kind: AnyKind, ask?: Ask): Promise<T>;
	/** The Status that the request fails with. */
	failure(verb: Verb, kind: AnyKind, ask?: Ask): Promise<Status & { readonly message: string }>;
	names(kind: AnyKind, ask?: Ask): Promise<string[]>;
}

export interface OpenOptions {
	readonly clock?: Clock;
	readonly random?: () => number;
	readonly store?: Store;
	/** Default: all that are built in. */
	readonly kinds?: readonly AnyKind[];
	readonly authorizer?: Authorizer;
	readonly tokens?: Tokens;
	/** Made with their default service account; default `default`. */
	readonly namespaces?: readonly string[];
}

export async function openRegistry(options: OpenOptions = {}): Promise<TestRegistry> {
	const { clock = systemClock, random = Math.random, store = createMemoryStore() } = options;
	const log = silentLogger;
	const objects = await createObjects({ store, kinds: options.kinds ?? KINDS, clock, log });
	const authorizer = options.authorizer ?? ALLOW_ALL;
	const servedKinds = createServedKinds(options.kinds ?? KINDS);
	const outbound = createOutbound({ objects, clock, random });
	const registry = createRegistry({
		objects,
		kinds: servedKinds,
		admission: admissionPlugins({
			objects,
			clock,
			authorizer,
			random: Math.random,
			kinds: () => servedKinds.kinds,
			outbound,
			log,
		}),
		allocators: [
			createServiceAllocator({
				services: objects.of<Service>(Service),
				ranges: serviceRanges(objects.of<ServiceCIDR>(ServiceCIDR), "10.96.0.0/16"),
				book: addressBook(objects, () => clock.now()),
				nodePorts: { first: 30_000, last: 32_767 },
				random,
			}),
		],
		computed: [],
		authorizer,
		tokens: options.tokens ?? NO_TOKENS,
		clock,
		log,
		random,
	});
	const ask: TestRegistry["ask"] = (verb, kind, asked = {}) => handle(registry, verb, kind, asked);
	const value = async <T>(verb: Verb, kind: AnyKind, asked?: Ask) => valueIn<T>(await ask(verb, kind, asked));
	for (const name of options.namespaces ?? ["default"]) {
		await ask("create", Namespace, { body: { metadata: { name } } });
		await ask("create", ServiceAccount, { namespace: name, body: { metadata: { name: "default" } } });
	}
	return {
		registry,
		authorizer,
		objects,
		store,
		ask,
		value,
		failure: async (verb, kind, asked) => {
			try {
				await ask(verb, kind, asked);
			} catch (error) {
				if (error instanceof StatusError) return { ...error.status, message: error.message };
				throw error;
			}
			throw new Error(`${verb} ${kind.plural} succeeded`);
		},
		names: async (kind, asked) =>
			itemsOf(await ask("list", kind, asked)).map(({ metadata }) => metadata.name),
		[Symbol.asyncDispose]: async () => {
			outbound.close();
			await objects.close();
			await store.close();
		},
	};
}

export function itemsOf(answer: Answer): readonly KubeObject[] {
	if (answer.type !== "list") throw new Error(`no list but ${answer.type}`);
	return answer.list.items.map((item) => item.object);
}

export function watchOf(answer: Answer): WatchAnswer {
	if (answer.type !== "watch") throw new Error(`no watch but ${answer.type}`);
	return answer.watch;
}

/** The first `count` events of a watch, which is closed then. */
export async function take(watch: WatchAnswer, count: number): Promise<OutgoingEvent[]> {
	await using open = watch;
	const events: OutgoingEvent[] = [];
	for await (const batch of open.events) {
		events.push(...batch);
		if (events.length >= count) break;
	}
	return events;
}

/** `ADDED web`, `BOOKMARK 7`, `ERROR …`: an event in short. */
export function inShort(event: OutgoingEvent): string {
	if (event.type === "BOOKMARK") return `BOOKMARK ${event.revision}${event.initial ? " initial" : ""}`;
	if (event.type === "ERROR") return `ERROR ${(event.status as Status).message}`;
	return `${event.type} ${event.cached.object.metadata.name}`;
}

/** Warnings told on the way are with those of the answer, as they are over HTTP. */
async function handle(registry: Registry, verb: Verb, kind: AnyKind, asked: Ask): Promise<Answer> {
	const { namespace, name, subresource, user = ADMIN, contentType = "application/json" } = asked;
	const body =
		asked.raw !== undefined
			? { raw: new TextEncoder().encode(asked.raw), contentType }
			: asked.body !== undefined
				? { value: asked.body, contentType }
				: undefined;
	const told = new Set<string>();
	const answer = await registry.handle({
		info: {
			verb,
			group: kind.group,
			version: kind.version,
			resource: kind.plural,
			namespace:
				namespace ?? (kind.namespaced && verb !== "list" && verb !== "watch" ? "default" : undefined),
			name,
			subresource,
		},
		user,
		query: new URLSearchParams(asked.query),
		body,
		warn: (text) => {
			told.add(text);
		},
		signal: asked.signal ?? new AbortController().signal,
	});
	const warnings = [...told, ...(answer.warnings ?? [])];
	return warnings.length ? { ...answer, warnings } : answer;
}

function valueIn<T>(answer: Answer): T {
	if (answer.type === "object") return answer.cached.object as unknown as T;
	if (answer.type === "value") return answer.value as T;
	throw new Error(`no value but ${answer.type}`);
}

const ALLOW_ALL: Authorizer = { authorize: () => ({ allowed: true }), rules: () => [{ verbs: ["*"] }] };
const NO_TOKENS: Tokens = {
	issue: async () => {
		throw new Error("no tokens in this test");
	},
	verify: async () => {
		throw new Error("no tokens in this test");
	},
};

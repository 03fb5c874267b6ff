/**
 * What passes between the front door and the registry. Nothing here knows HTTP: the in-process transport makes the same
 * requests and reads the same answers.
 */
import type { AnyKind, KubeObject, UserInfo, Verb } from "@berth/api";
import type { Cached, CacheEvent } from "../store/objects.ts";

/** A path of the API taken apart; made by `http/request-info.ts`. */
export interface ResourceInfo {
	readonly verb: Verb | "";
	readonly group: string;
	readonly version: string;
	/** Plural, `pods`. */
	readonly resource: string;
	/** `status`, `log`, `exec` …; absent for the resource itself. */
	readonly subresource?: string | undefined;
	/** Absent for cluster-scoped resources and for lists over all namespaces. */
	readonly namespace?: string | undefined;
	readonly name?: string | undefined;
	/** What follows `/proxy/`. */
	readonly rest?: string | undefined;
}

/** A body as it came over the wire, or as a value from inside the process. */
export type Body =
	| { readonly raw: Uint8Array; readonly contentType: string }
	| { readonly value: unknown; readonly contentType: string };

export interface ResourceRequest {
	readonly info: ResourceInfo;
	readonly user: UserInfo;
	readonly query: URLSearchParams;
	/** What the client calls itself (`User-Agent`). */
	readonly agent?: string | undefined;
	readonly body?: Body | undefined;
	/** Tells the client something, also when the request fails; texts that were told already are left out. */
	readonly warn?: ((text: string) => void) | undefined;
	/** Aborts when the caller is gone or out of time. */
	readonly signal: AbortSignal;
}

/** What a request is answered with. `warnings` become HTTP Warning headers. */
export type Answer = { readonly warnings?: readonly string[] } & (
	| {
			readonly type: "object";
			readonly code: 200 | 201 | 202;
			readonly kind: AnyKind;
			readonly cached: Cached;
	  }
	/** Computed, not stored: Status of a delete, TokenReview, Scale, dry-run results … */
	| {
			readonly type: "value";
			readonly code: 200 | 201 | 202;
			readonly value: object;
			readonly kind?: AnyKind;
	  }
	| { readonly type: "list"; readonly kind: AnyKind; readonly list: ListAnswer }
	| { readonly type: "watch"; readonly kind: AnyKind; readonly watch: WatchAnswer }
);

export interface ListAnswer {
	readonly items: readonly Cached[];
	readonly revision: number;
	readonly continue?: string;
	readonly remaining?: number;
}

export interface WatchAnswer extends AsyncDisposable {
	/** Already filtered by selectors, with enter and leave turned into ADDED and DELETED. */
	readonly events: AsyncIterable<readonly OutgoingEvent[]>;
}

export type OutgoingEvent =
	| { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly cached: Cached }
	/** `initial` marks the end of a streaming list. */
	| { readonly type: "BOOKMARK"; readonly revision: number; readonly initial?: boolean }
	| { readonly type: "ERROR"; readonly status: object };

export type { CacheEvent, KubeObject };

/** The registry: every verb of every kind. Throws StatusErrors only, bugs apart. Authorization has already happened. */
export interface Registry {
	/** The kind served at this group, version and resource; undefined is a 404. */
	kind(group: string, version: string, resource: string): AnyKind | undefined;
	readonly kinds: readonly AnyKind[];
	handle(request: ResourceRequest): Promise<Answer>;
}

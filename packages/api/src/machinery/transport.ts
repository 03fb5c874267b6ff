/**
 * The shape of a request to an API server, whatever carries it: HTTPS between processes, a function call inside one.
 * The server's in-process front door and the client's HTTPS transport are both a `Transport`.
 */

export interface Call {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** Absolute path, already escaped: `/api/v1/namespaces/default/pods/web`. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string | undefined>>;
	/** Plain JSON value; never mutated by the transport. */
	readonly body?: unknown;
	/** Default `application/json`; patches name theirs. */
	readonly contentType?: string;
	readonly signal?: AbortSignal;
}

export type WatchEventType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";

export interface WatchEvent<T = unknown> {
	readonly type: WatchEventType;
	/** For ERROR a Status, otherwise the object. Frozen. */
	readonly object: T;
}

export interface Transport {
	/** The answer's body. Throws StatusError for every failure the server names, other errors for a broken road. */
	call(call: Call): Promise<unknown>;
	/**
	 * A watch: `call.query.watch` is set by the transport. Resolves when the server accepted it; the iteration ends when
	 * the server closes the stream or `signal` aborts, and throws when the road breaks.
	 */
	watch(call: Call): Promise<AsyncIterable<WatchEvent>>;
	close(): Promise<void>;
}

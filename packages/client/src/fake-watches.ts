/** The fake server's history and its open watches. */
import {
	type AnyKind,
	badRequest,
	type Call,
	expired,
	type KubeObject,
	parseFieldSelector,
	parseLabelSelector,
	type StatusError,
	type WatchEvent,
} from "@berth/api";

export interface Write {
	readonly kind: AnyKind;
	readonly revision: number;
	readonly current: KubeObject;
	readonly previous: KubeObject | undefined;
	readonly deleted: boolean;
}

export interface FakeWatches {
	/** Of the newest write. */
	readonly revision: number;
	readonly open: number;
	publish(write: Write): void;
	watch(
		kind: AnyKind,
		namespace: string | undefined,
		call: Call,
		how: { present: () => readonly KubeObject[]; streaming: boolean },
	): AsyncIterable<WatchEvent>;
	drop(error?: Error): number;
	fail(error: StatusError): void;
	compact(): void;
	bookmark(): void;
	repeat(back: number): void;
}

interface OpenWatch {
	readonly kind: AnyKind;
	readonly selected: (object: KubeObject) => boolean;
	readonly stream: Stream;
	/** Told so far, oldest first. */
	readonly told: WatchEvent[];
}

export function createFakeWatches(): FakeWatches {
	const history: Write[] = [];
	const open = new Set<OpenWatch>();
	// Zero would mean "any" to who resumes from it; no store begins there.
	let revision = 1;
	let compacted = 0;

	const bookmark = (kind: AnyKind, initial: boolean): WatchEvent => ({
		type: "BOOKMARK",
		object: {
			kind: kind.kind,
			apiVersion: kind.apiVersion,
			metadata: {
				resourceVersion: `${revision}`,
				...(initial && { annotations: { "k8s.io/initial-events-end": "true" } }),
			},
		},
	});

	function deliver(watch: OpenWatch, write: Write) {
		if (write.kind !== watch.kind) return;
		const event = eventOf(write, watch.selected);
		if (!event) return;
		watch.told.push(event);
		watch.stream.push(event);
	}

	return {
		get revision() {
			return revision;
		},
		get open() {
			return open.size;
		},
		publish(write) {
			revision = write.revision;
			history.push(write);
			for (const watch of [...open]) deliver(watch, write);
		},
		watch(kind, namespace, call, { present, streaming }) {
			const { resourceVersion, sendInitialEvents } = call.query ?? {};
			if (sendInitialEvents && !streaming) throw badRequest("sendInitialEvents is forbidden for watch");
			const after = Number(resourceVersion || "0");
			if (after && after < compacted) throw expired(`too old resource version: ${after} (${compacted})`);
			const stream = createStream(() => open.delete(watch), call.signal);
			const watch: OpenWatch = { kind, selected: selectorOfCall(kind, call, namespace), stream, told: [] };
			open.add(watch);
			if (sendInitialEvents || !after) for (const object of present()) stream.push({ type: "ADDED", object });
			// A little later: what is written meanwhile arrives before the end of the initial events.
			if (sendInitialEvents) setImmediate(() => stream.push(bookmark(kind, true)));
			if (after) for (const write of history) if (write.revision > after) deliver(watch, write);
			return stream.events;
		},
		drop(error) {
			const count = open.size;
			for (const { stream } of [...open]) stream.end(error);
			return count;
		},
		fail(error) {
			for (const { stream } of [...open]) {
				stream.push({ type: "ERROR", object: error.status });
				stream.end();
			}
		},
		compact() {
			compacted = revision;
			history.length = 0;
		},
		bookmark() {
			for (const { kind, stream } of [...open]) stream.push(bookmark(kind, false));
		},
		repeat(back) {
			for (const { told, stream } of [...open]) {
				const event = told.at(-1 - back);
				if (event) stream.push(event);
			}
		},
	};
}

/** Which objects a list or watch asks for. */
export function selectorOfCall(
	kind: AnyKind,
	call: Call,
	namespace: string | undefined,
): (object: KubeObject) => boolean {
	const labels = parseLabelSelector(call.query?.labelSelector ?? "");
	const fields = parseFieldSelector(call.query?.fieldSelector ?? "");
	const fieldOf = (object: KubeObject) => (path: string) => {
		if (path === "metadata.name") return object.metadata.name;
		if (path === "metadata.namespace") return object.metadata.namespace ?? "";
		const selectable = kind.selectableFields?.[path];
		if (!selectable) throw badRequest(`field label not supported: ${path}`);
		return selectable(object);
	};
	return (object) =>
		(!namespace || object.metadata.namespace === namespace) &&
		labels.matches(object.metadata.labels) &&
		fields.matches(fieldOf(object));
}

/** How a write looks through a selector: what enters is ADDED, what leaves is DELETED. */
function eventOf(write: Write, selected: (object: KubeObject) => boolean): WatchEvent | undefined {
	const { current, previous, deleted } = write;
	const before = previous !== undefined && selected(previous);
	const after = !deleted && selected(current);
	if (after) return { type: before ? "MODIFIED" : "ADDED", object: current };
	return before ? { type: "DELETED", object: current } : undefined;
}

interface Stream {
	push(event: WatchEvent): void;
	/** Ends once everything pushed has been read; with an error the reader gets it then. */
	end(error?: Error): void;
	readonly events: AsyncIterable<WatchEvent>;
}

function createStream(closed: () => void, signal: AbortSignal | undefined): Stream {
	const queue: WatchEvent[] = [];
	let ended = false;
	let failure: Error | undefined;
	let wake = () => {};

	function end(error?: Error) {
		if (ended) return;
		ended = true;
		failure = error;
		signal?.removeEventListener("abort", aborted);
		closed();
		wake();
	}
	function aborted() {
		queue.length = 0;
		end();
	}
	signal?.addEventListener("abort", aborted, { once: true });

	async function* events() {
		try {
			while (true) {
				const event = queue.shift();
				if (event) yield event;
				else if (failure) throw failure;
				else if (ended) return;
				else
					await new Promise<void>((resolve) => {
						wake = resolve;
					});
			}
		} finally {
			end();
		}
	}
	return {
		push: (event) => {
			if (ended) return;
			queue.push(event);
			wake();
		},
		end,
		events: events(),
	};
}

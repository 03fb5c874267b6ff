/**
 * What nodes and pods use, asked of the agents when somebody wants to know: `kubectl top` and autoscalers. Nothing is
 * collected while nobody asks.
 */
import { type Clock, type Logger, Node } from "@berth/api";
import type { Agents } from "../http/agent-road/agents.ts";
import { agentAddress } from "../http/agent-road/locate.ts";
import type { Objects } from "../store/objects.ts";

/** The part of an agent's `/stats/summary` that is used. */
export interface NodeSummary {
	readonly node: Usage;
	readonly pods?: readonly {
		readonly podRef: { readonly name: string; readonly namespace: string; readonly uid: string };
		readonly containers?: readonly (Usage & { readonly name: string })[];
	}[];
}

export interface Usage {
	readonly cpu?: {
		readonly time: string;
		readonly usageNanoCores?: number;
		/** Berth's own: seconds over which the rate was taken. */
		readonly usageWindowSeconds?: number;
	};
	readonly memory?: { readonly workingSetBytes?: number };
}

export interface UsageCollector {
	/** By node name; nodes whose agents do not answer in time are left out. At most `AGE` old. */
	all(): Promise<ReadonlyMap<string, NodeSummary>>;
	/** Undefined when its agent does not answer. */
	of(node: string): Promise<NodeSummary | undefined>;
}

export interface CollectorOptions {
	readonly objects: Objects;
	readonly agents: Agents;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Milliseconds. */
const AGE = 5_000;
const PATIENCE = 5_000;
/** Bytes: some ten thousand containers. */
const MOST = 16 * 1024 * 1024;
const PATH = "/stats/summary?only_cpu_and_memory=true";

export function createUsageCollector({ objects, agents, clock, log }: CollectorOptions): UsageCollector {
	const nodes = objects.of<Node>(Node);
	const known = new Map<
		string,
		{ readonly at: number; readonly summary: Promise<NodeSummary | undefined> }
	>();

	async function ask(node: Node): Promise<NodeSummary | undefined> {
		const stop = new AbortController();
		const cancel = clock.after(PATIENCE, () => stop.abort());
		try {
			const answer = await agents.ask(agentAddress(node), { method: "GET", path: PATH }, stop.signal);
			const chunks: Buffer[] = [];
			let length = 0;
			for await (const chunk of answer as AsyncIterable<Buffer>) {
				length += chunk.length;
				if (length > MOST) throw new Error("the answer is too long");
				chunks.push(chunk);
			}
			if (answer.statusCode !== 200) throw new Error(`the agent answered ${answer.statusCode}`);
			return JSON.parse(Buffer.concat(chunks).toString()) as NodeSummary;
		} catch (error) {
			log.debug({ node: node.metadata.name, err: error }, "a node does not say what it uses");
			return undefined;
		} finally {
			cancel();
		}
	}

	function summaryOf(node: Node): Promise<NodeSummary | undefined> {
		const { uid } = node.metadata;
		const now = clock.now();
		const kept = known.get(uid);
		if (kept && now - kept.at < AGE) return kept.summary;
		for (const [other, { at }] of known) if (now - at >= AGE) known.delete(other);
		const summary = ask(node);
		known.set(uid, { at: now, summary });
		return summary;
	}

	return {
		async of(name) {
			const node = nodes.get(name)?.object;
			return node && summaryOf(node);
		},
		async all() {
			const asked = nodes
				.list()
				.map(async ({ object }) => [object.metadata.name, await summaryOf(object)] as const);
			const answered = await Promise.all(asked);
			return new Map(answered.filter((entry): entry is [string, NodeSummary] => entry[1] !== undefined));
		},
	};
}

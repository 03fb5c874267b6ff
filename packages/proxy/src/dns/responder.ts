/** A question's bytes to its answer's bytes: from the zone, or from elsewhere. Never throws, whatever it is sent. */
import type { Clock, Logger } from "@berth/api";
import { type Answer, decode } from "dns-packet";
import type { ProxyMetrics } from "../metrics.ts";
import type { Forwarded, Forwarder } from "./forwarder.ts";
import { encodeQuestion, FLAG, HEADER, parseQuery, type Query, RCODE } from "./query.ts";
import { resolve } from "./resolve.ts";
import { encodeRefusal, encodeReply, encodeTruncated, type Reply, sizeLimit } from "./response.ts";
import type { Zone } from "./zone.ts";

/** Undefined: not to be answered. At once for names of the cluster. */
export type Responder = (
	message: Buffer,
	via: "udp" | "tcp",
) => Buffer | undefined | Promise<Buffer | undefined>;

export interface ResponderOptions {
	readonly zone: Zone;
	readonly forwarder: Forwarder;
	readonly clock: Clock;
	readonly log: Logger;
	readonly metrics: ProxyMetrics;
}

export function createResponder({ zone, forwarder, clock, log, metrics }: ResponderOptions): Responder {
	let turn = 0;

	function respond(message: Buffer, via: "udp" | "tcp") {
		const query = parseQuery(message);
		if (!query) return undefined;
		if ("refusal" in query) {
			metrics.answered("refused", codeName(query.refusal.code));
			return encodeRefusal(query.refusal);
		}
		const limit = sizeLimit(query.edns, via);
		const resolution = resolve(zone, query.name, query.type, clock.now());
		if (resolution.kind === "elsewhere") return forward(query, limit);
		if (!zone.ready) return own(query, { code: RCODE.SERVFAIL }, limit);
		if (resolution.kind === "continue")
			return follow(query, resolution.records, resolution.target).then((reply) => own(query, reply, limit));
		const { reply } = resolution;
		return own(query, { ...reply, answers: rotated(reply.answers ?? [], turn++) }, limit);
	}

	function own(query: Query, reply: Reply, limit: number): Buffer {
		metrics.answered("cluster", codeName(reply.code));
		return encodeReply(query, reply, limit);
	}

	async function forward(query: Query, limit: number): Promise<Buffer> {
		const { name, type, raw, edns, checkingDisabled } = query;
		const question = { name, type, raw, checkingDisabled, edns: edns !== undefined };
		const found = await forwarder.ask({ ...question, dnssec: edns?.dnssec ?? false });
		if (!found) {
			metrics.answered("upstream", codeName(RCODE.SERVFAIL));
			return encodeRefusal({ id: query.id, flags: flagsOf(query), code: RCODE.SERVFAIL, raw });
		}
		metrics.answered(found.source, codeName((found.answer[3] ?? 0) & 15));
		return found.answer.length > limit ? encodeTruncated(query) : addressed(found, query);
	}

	/** An alias that leads out of the cluster: its records, then what the target has. */
	async function follow(query: Query, records: readonly Answer[], target: string): Promise<Reply> {
		const raw = encodeQuestion(target, query.type);
		if (!raw) return { code: RCODE.SERVFAIL, answers: records };
		const plain = { edns: false, dnssec: false, checkingDisabled: false };
		const found = await forwarder.ask({ name: target, type: query.type, raw, ...plain });
		if (!found) return { code: RCODE.SERVFAIL, answers: records };
		const { answers = [] } = decode(found.answer);
		const wanted = answers.filter(({ type }) => ["A", "AAAA", "CNAME", "TXT", "MX", "SRV"].includes(type));
		return { code: (found.answer[3] ?? 0) & 15, answers: [...records, ...wanted] };
	}

	/** Nothing that a client or a resolver sends may end the server. */
	function failed(message: Buffer, error: unknown): Buffer | undefined {
		log.warn({ err: error }, "a DNS question could not be answered");
		if (message.length < HEADER) return undefined;
		const flags = message.readUInt16BE(2);
		return encodeRefusal({ id: message.readUInt16BE(0), flags, code: RCODE.SERVFAIL, raw: undefined });
	}

	return (message, via) => {
		try {
			const answer = respond(message, via);
			return answer instanceof Promise ? answer.catch((error) => failed(message, error)) : answer;
		} catch (error) {
			return failed(message, error);
		}
	};
}

/** The id and the letters of the one who asks. */
function addressed({ answer }: Forwarded, query: Query): Buffer {
	answer.writeUInt16BE(query.id, 0);
	const flags = answer.readUInt16BE(2) & ~FLAG.RD;
	answer.writeUInt16BE(flags | FLAG.RA | (query.recursion ? FLAG.RD : 0), 2);
	query.raw.copy(answer, HEADER);
	return answer;
}

/** Addresses begin with another one each time, so that clients who take the first spread over all. */
function rotated(answers: readonly Answer[], turn: number): readonly Answer[] {
	const first = answers.findIndex(({ type }) => type !== "CNAME");
	if (first < 0 || answers.length - first < 2) return answers;
	const aliases = answers.slice(0, first);
	const rest = answers.slice(first);
	const by = turn % rest.length;
	return [...aliases, ...rest.slice(by), ...rest.slice(0, by)];
}

const flagsOf = ({ recursion, checkingDisabled }: Query) =>
	(recursion ? FLAG.RD : 0) | (checkingDisabled ? FLAG.CD : 0);

const codeName = (code: number): string =>
	Object.entries(RCODE).find(([, value]) => value === code)?.[0] ?? `${code}`;

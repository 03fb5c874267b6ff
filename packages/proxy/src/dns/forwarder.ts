/** Asks resolvers elsewhere: several in turn, each question once at a time, answers remembered for a while. */
import { randomInt } from "node:crypto";
import type { Clock, Logger } from "@berth/api";
import { createAnswerCache } from "./cache.ts";
import { askByTcp, askByUdp } from "./exchange.ts";
import { FLAG, RCODE } from "./query.ts";
import type { Resolver, Resolvers } from "./resolvers.ts";
import { header, optionRecord } from "./response.ts";

export interface ForwardedQuestion {
	/** Lower case. */
	readonly name: string;
	readonly type: number;
	/** The question section. */
	readonly raw: Buffer;
	readonly edns: boolean;
	readonly dnssec: boolean;
	readonly checkingDisabled: boolean;
}

export interface Forwarded {
	/** As the resolver sent it: with its own id, and the letters of whoever asked first. */
	readonly answer: Buffer;
	readonly source: "cache" | "upstream";
}

export interface Forwarder {
	/** Undefined: nobody to ask, or nobody answered. */
	ask(question: ForwardedQuestion): Promise<Forwarded | undefined>;
}

export interface ForwarderOptions {
	readonly resolvers: Resolvers;
	readonly clock: Clock;
	readonly log: Logger;
	readonly signal: AbortSignal;
}

/** Milliseconds for one try; clients give up on us after five seconds. */
const TRY = 1_500;
const ROUNDS = 2;
const ALL_TRIES = 4_500;
/** Questions on their way at the same time; more are refused at once. */
const IN_FLIGHT = 1_024;
/** Milliseconds for which a resolver that failed is asked after the others. */
const SHUNNED = 10_000;

export function createForwarder({ resolvers, clock, log, signal }: ForwarderOptions): Forwarder {
	const cache = createAnswerCache();
	const inFlight = new Map<string, Promise<Buffer | undefined>>();
	const failedAt = new Map<string, number>();

	async function askAll(question: ForwardedQuestion): Promise<Buffer | undefined> {
		const all = await resolvers();
		const isShunned = ({ address, port }: Resolver) =>
			clock.now() - (failedAt.get(`${address} ${port}`) ?? Number.NEGATIVE_INFINITY) < SHUNNED;
		const order = [...all.filter((each) => !isShunned(each)), ...all.filter(isShunned)];
		const giveUp = clock.now() + ALL_TRIES;
		let failure: Buffer | undefined;
		for (let round = 0; round < ROUNDS; round++) {
			for (const resolver of order) {
				const left = giveUp - clock.now();
				if (left <= 0 || signal.aborted) return failure;
				const answer = await askOne(resolver, question, Math.min(TRY, left));
				if (!answer) continue;
				const code = (answer[3] ?? 0) & 15;
				if (code !== RCODE.SERVFAIL && code !== RCODE.REFUSED) return answer;
				failure = answer;
			}
			// They are there, and do not know: asking again will not change that.
			if (failure) return failure;
		}
		return undefined;
	}

	async function askOne(
		resolver: Resolver,
		question: ForwardedQuestion,
		timeout: number,
	): Promise<Buffer | undefined> {
		const { address, port } = resolver;
		const stop = new AbortController();
		const cancel = clock.after(timeout, () => stop.abort(new Error("timed out")));
		try {
			const exchange = {
				resolver,
				message: messageOf(question),
				question: question.raw,
				signal: AbortSignal.any([stop.signal, signal]),
			};
			const answer = await askByUdp(exchange);
			failedAt.delete(`${address} ${port}`);
			return answer.readUInt16BE(2) & FLAG.TC ? await askByTcp(exchange).catch(() => answer) : answer;
		} catch (error) {
			failedAt.set(`${address} ${port}`, clock.now());
			log.debug({ err: error, resolver: address, name: question.name }, "a resolver did not answer");
			return undefined;
		} finally {
			cancel();
		}
	}

	return {
		ask: async (question) => {
			const { name, type, edns, dnssec, checkingDisabled } = question;
			const key = `${name} ${type} ${edns} ${dnssec} ${checkingDisabled}`;
			const known = cache.get(key, clock.now());
			if (known) return { answer: known, source: "cache" };
			// Who asks what is already on its way waits for it. So does our own question, should a resolver send it
			// back to us: a loop ends after one turn instead of filling the machine.
			let answer = inFlight.get(key);
			if (!answer) {
				if (inFlight.size >= IN_FLIGHT) return undefined;
				answer = askAll(question)
					.catch((error: unknown) => {
						log.warn({ err: error, name }, "a question could not be forwarded");
						return undefined;
					})
					.finally(() => inFlight.delete(key));
				inFlight.set(key, answer);
			}
			const found = await answer;
			if (!found) return undefined;
			cache.set(key, found, question.raw.length, clock.now());
			return { answer: Buffer.from(found), source: "upstream" };
		},
	};
}

function messageOf({ raw, edns, dnssec, checkingDisabled }: ForwardedQuestion): Buffer {
	const flags = FLAG.RD | (checkingDisabled ? FLAG.CD : 0);
	const head = header(randomInt(65_536), flags, [1, 0, 0, edns ? 1 : 0]);
	return Buffer.concat([head, raw, ...(edns ? [optionRecord({ size: 0, dnssec })] : [])]);
}

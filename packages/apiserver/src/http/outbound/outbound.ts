/**
 * Questions to servers that extend this one: admission and conversion webhooks. JSON over TLS, connections kept for the
 * next question, an answer in time or an OutboundError whose text says what went wrong.
 */
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { isIP } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Clock, parseJson } from "@berth/api";
import type { Objects } from "../../store/objects.ts";
import { type ClientConfig, type Destination, resolve, urlOf } from "./client-config.ts";
import { DEADLINE, describeFailure, OutboundError } from "./outbound-error.ts";

export interface PostOptions {
	/** Whole seconds; the far side is told as `?timeout=10s`. */
	readonly timeoutSeconds: number;
	/** Aborts when nobody waits for the answer any more. */
	readonly signal: AbortSignal;
}

export interface Outbound {
	/**
	 * The parsed answer to `body`. Throws an OutboundError when there is none in time, when the certificate does not hold,
	 * when the answer is not a success or not JSON; the signal's reason when that aborts.
	 */
	post(config: ClientConfig, body: object, options: PostOptions): Promise<unknown>;
	close(): void;
}

export interface OutboundOptions {
	readonly objects: Objects;
	readonly clock: Clock;
	/** Uniform in [0, 1): which endpoint of a service. */
	readonly random: () => number;
}

/** Longer answers are refused: a list of the largest objects fits. */
const MAX_ANSWER = 64 * 1024 * 1024;
const MAX_DEPTH = 256;
/** How much of an error's body is told to others. */
const MAX_QUOTE = 1024;

export function createOutbound({ objects, clock, random }: OutboundOptions): Outbound {
	const pool = new Agent({ keepAlive: true, maxFreeSockets: 16, maxCachedSessions: 100 });
	return {
		post: async (config, body, { timeoutSeconds, signal }) => {
			signal.throwIfAborted();
			const url = urlOf(config);
			url.searchParams.set("timeout", `${timeoutSeconds}s`);
			const payload = Buffer.from(JSON.stringify(body));
			const tooLate = new AbortController();
			const cancel = clock.after(timeoutSeconds * 1000, () => tooLate.abort());
			const ended = AbortSignal.any([signal, tooLate.signal]);
			let destination: Destination | undefined;
			try {
				destination = { ...resolve(config, objects, random()), url };
				return await ask(pool, destination, payload, ended);
			} catch (error) {
				if (signal.aborted) throw signal.reason;
				if (error instanceof FarSideError) throw error;
				const reason = tooLate.signal.aborted
					? DEADLINE
					: destination
						? describeFailure(error, destination)
						: error instanceof Error
							? error.message
							: String(error);
				throw new OutboundError(`Post "${textOf(url)}": ${reason}`);
			} finally {
				cancel();
			}
		},
		close: () => pool.destroy(),
	};
}

/** The far side has answered, with something that is no use: the text stands alone. */
class FarSideError extends OutboundError {}

async function ask(
	pool: Agent,
	destination: Destination,
	payload: Buffer,
	signal: AbortSignal,
): Promise<unknown> {
	const answer = await send(pool, destination, payload, signal);
	const { statusCode = 0 } = answer;
	const bytes = await bounded(answer);
	if (statusCode < 200 || statusCode > 299) throw refused(statusCode, bytes);
	try {
		return parseJson(bytes, { maxDepth: MAX_DEPTH }).value;
	} catch (error) {
		throw new FarSideError(error instanceof Error ? error.message : String(error));
	}
}

/** A kept connection that the far side has just closed is no failure: the question is asked once more on a new one. */
async function send(
	pool: Agent,
	destination: Destination,
	payload: Buffer,
	signal: AbortSignal,
): Promise<IncomingMessage> {
	try {
		return await sendOnce(pool, destination, payload, signal);
	} catch (error) {
		if (!(error instanceof StaleConnection)) throw error;
		return sendOnce(false, destination, payload, signal);
	}
}

class StaleConnection extends Error {}

function sendOnce(
	agent: Agent | false,
	{ url, host, port, servername, ca }: Destination,
	payload: Buffer,
	signal: AbortSignal,
): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const sent = request(
			{
				agent,
				host,
				port,
				// An address is no server name; the certificate is checked against it all the same.
				servername: isIP(servername) ? "" : servername,
				...(ca === undefined ? {} : { ca }),
				method: "POST",
				path: `${url.pathname}${url.search}`,
				headers: {
					host: hostOf(url),
					"content-type": "application/json",
					accept: "application/json, */*",
					"user-agent": "kube-apiserver-admission",
					"content-length": payload.length,
				},
				signal,
			},
			resolve,
		);
		sent.on("error", (error) => {
			const stale = sent.reusedSocket && "code" in error && error.code === "ECONNRESET";
			reject(stale ? new StaleConnection() : error);
		});
		sent.end(payload);
	});
}

async function bounded(answer: IncomingMessage): Promise<Buffer> {
	let length = 0;
	answer.on("data", (chunk: Buffer) => {
		length += chunk.length;
		if (length > MAX_ANSWER) answer.destroy(new Error(`the answer is longer than ${MAX_ANSWER} bytes`));
	});
	return buffer(answer);
}

/** In the words of Kubernetes' clients; a Status in the body speaks for itself. */
function refused(code: number, bytes: Buffer): FarSideError {
	const text = bytes.subarray(0, MAX_QUOTE).toString().trim();
	const said = statusMessage(bytes);
	if (said) return new FarSideError(said);
	switch (code) {
		case 401:
			return new FarSideError("the server has asked for the client to provide credentials");
		case 403:
			return new FarSideError(`forbidden: ${text || "unknown"}`);
		case 404:
			return new FarSideError("the server could not find the requested resource");
		case 405:
			return new FarSideError("the server does not allow this method on the requested resource");
		case 429:
			return new FarSideError(
				"the server has received too many requests and has asked us to try again later",
			);
		case 503:
			return new FarSideError("the server is currently unable to handle the request");
		case 504:
			return new FarSideError(
				"the server was unable to return a response in the time allotted, but may still be processing the request",
			);
		default:
			return new FarSideError(
				code >= 500
					? `an error on the server (${JSON.stringify(text || "unknown")}) has prevented the request from succeeding`
					: `the server rejected our request for an unknown reason (${code})`,
			);
	}
}

function statusMessage(bytes: Buffer): string | undefined {
	try {
		const value: unknown = JSON.parse(bytes.toString());
		if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "Status") return;
		return "message" in value && typeof value.message === "string" ? value.message : undefined;
	} catch {
		return undefined;
	}
}

/** With its port also where that is the usual one, as texts and `Host` have it for services. */
function hostOf(url: URL): string {
	return url.port || !url.hostname.endsWith(".svc") ? url.host : `${url.host}:443`;
}

const textOf = (url: URL): string => `https://${hostOf(url)}${url.pathname}${url.search}`;

/** Attacks a control plane for a while and tells what it should not have done. */
import { startCluster } from "../conformance/cluster.ts";
import { startHostileWebhooks } from "./hostile-webhooks.ts";
import { blunders, bystander, canary, faultOf, lives } from "./oracle.ts";
import { random } from "./random.ts";
import { attack } from "./requests.ts";
import { type Ask, createRoad, type Road } from "./road.ts";
import { plantSamples } from "./samples.ts";

export interface FuzzOptions {
	readonly seed: number;
	/** Number of the first attack: with the seed, attacks can be repeated from there. */
	readonly from?: number | undefined;
	/** Ends after as many attacks … */
	readonly attacks?: number | undefined;
	/** … or milliseconds, whichever comes first. */
	readonly duration: number;
	readonly report: (line: string) => void;
}

export interface FuzzResult {
	readonly attacks: number;
	readonly requests: number;
	readonly findings: readonly string[];
	/** The longest that another client waited for a small answer, in milliseconds. */
	readonly longestWait: number;
	/** How often each status was answered. */
	readonly codes: Readonly<Record<string, number>>;
}

const WORKERS = 6;
/** After as many attacks, what they have made is cleared away and samples are planted again. */
const SWEEP = 400;
/** An event loop that stands longer than this stands still for everybody. */
const MAX_WAIT = 15_000;

export async function fuzz({
	seed,
	from = 0,
	attacks = Number.MAX_SAFE_INTEGER,
	duration,
	report,
}: FuzzOptions): Promise<FuzzResult> {
	await using cluster = await startCluster("--log-level", "debug");
	using road = createRoad(cluster.credentials);
	using other = createRoad(cluster.credentials);
	let hooked = 0;
	await using webhooks = await startHostileWebhooks(cluster.pki, () => {
		hooked += 1;
		return random(seed, -hooked);
	});
	let samples = await plantSamples(road);
	await road.ask(webhooks.install);
	const findings = new Map<string, string>();
	const codes: Record<string, number> = {};
	const finding = (what: string, detail: string) => {
		const key = what.replaceAll(/[\d"']+|f\d+/g, "").slice(0, 120);
		if (findings.has(key)) return;
		findings.set(key, `${what}\n    ${detail}`);
		report(`FOUND ${what}\n    ${detail}`);
	};
	const ended = new AbortController();
	const waiting = bystander(other, ended.signal);
	const deadline = Date.now() + duration;
	let index = from;
	let requests = 0;
	const strike = async (number: number) => {
		for (const ask of attack(random(seed, number), samples)) {
			requests += 1;
			const told = `attack ${number}: ${describe(ask)}`;
			try {
				const reply = await road.ask(ask);
				codes[reply.code] = (codes[reply.code] ?? 0) + 1;
				const fault = faultOf(ask, reply);
				if (fault) finding(fault, told);
				if (reply.took > MAX_WAIT) finding(`${reply.code} took ${Math.round(reply.took)} ms`, told);
			} catch (error) {
				const { message, code } = error as NodeJS.ErrnoException;
				// What Node's own client refuses to send.
				if (code?.startsWith("ERR_")) continue;
				// What is far too large is refused at once, and the connection closed on who goes on writing.
				if (Buffer.byteLength(ask.body ?? "") > 3 * 1024 * 1024 || ask.path.length > 8_000) continue;
				finding(`no answer: ${message}`, told);
			}
		}
	};
	while (Date.now() < deadline && index < from + attacks) {
		const last = Math.min(index + SWEEP, from + attacks);
		const worker = async () => {
			while (index < last && Date.now() < deadline) {
				index += 1;
				await strike(index - 1);
			}
		};
		await Promise.all(Array.from({ length: WORKERS }, worker));
		await sweep(road);
		const strange = await canary(road);
		if (strange) finding(strange, `before attack ${index}`);
		samples = await plantSamples(road).catch((error: Error) => {
			finding(`samples cannot be planted again: ${error.message}`, `before attack ${index}`);
			return samples;
		});
		await road.ask(webhooks.install);
		if (!(await lives(other))) {
			finding("the server is gone", `before attack ${index}: ${cluster.log().slice(-2_000)}`);
			break;
		}
	}
	ended.abort();
	const longestWait = await waiting;
	if (longestWait > MAX_WAIT) finding(`others waited ${Math.round(longestWait)} ms`, `up to attack ${index}`);
	for (const line of blunders(cluster.log())) finding(`logged: ${line}`, `up to attack ${index}`);
	return { attacks: index - from, requests, findings: [...findings.values()], longestWait, codes };
}

const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
/** What may stand in the way of everything else. */
const SWEPT = [
	...[
		"validatingwebhookconfigurations",
		"mutatingwebhookconfigurations",
		"validatingadmissionpolicybindings",
		"validatingadmissionpolicies",
		"mutatingadmissionpolicybindings",
		"mutatingadmissionpolicies",
	].map((plural) => `${ADMISSION}/${plural}`),
	"/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
	...["limitranges", "resourcequotas", "configmaps", "pods"].map(
		(plural) => `/api/v1/namespaces/fuzz/${plural}`,
	),
];

async function sweep(road: Road): Promise<void> {
	for (const path of SWEPT)
		await road.ask({ method: "DELETE", path: `${path}?gracePeriodSeconds=0` }).catch(() => {});
	await road
		.ask({ method: "DELETE", path: "/apis/apiregistration.k8s.io/v1/apiservices?labelSelector=fuzz%3Dx" })
		.catch(() => {});
}

function describe({ method, path, headers, body }: Ask): string {
	const shown =
		typeof body === "string"
			? body.slice(0, 1_500)
			: body && `base64:${Buffer.from(body.subarray(0, 600)).toString("base64")}`;
	return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers ?? {})} ${shown ?? ""}`;
}

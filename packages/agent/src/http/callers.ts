/**
 * Who may ask this agent for what. The agent knows nobody itself: certificates are the cluster authority's, bearer tokens
 * are reviewed by the API server, and so is what their owners may do (Kubernetes' delegated authentication and
 * authorization of kubelets).
 */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { type Clock, SubjectAccessReview, TokenReview, type UserInfo } from "@berth/api";
import type { Client } from "@berth/client";

export interface Callers {
	/** Undefined: come in. Rejects when the API server cannot be asked. */
	refusal(request: IncomingMessage): Promise<Refusal | undefined>;
}

export interface Refusal {
	readonly code: 401 | 403;
	readonly message: string;
}

export interface CallersOptions {
	readonly client: Client;
	readonly nodeName: string;
	readonly clock: Clock;
}

/** A group that may all, whoever is asked. */
const ADMINS = "system:masters";
/** Milliseconds that an answer of the API server holds, as with kubelets. */
const TOKEN_AGE = 120_000;
const ALLOWED_AGE = 300_000;
const DENIED_AGE = 30_000;
/** Answers kept. */
const MOST = 1_000;

export function createCallers({ client, nodeName, clock }: CallersOptions): Callers {
	const users = createMemory<UserInfo | undefined>(clock);
	const permissions = createMemory<boolean>(clock);

	async function userOf(request: IncomingMessage): Promise<UserInfo | undefined> {
		const bearer = /^bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1];
		if (bearer === undefined) return certified(request.socket as TLSSocket);
		// Tokens are not kept, not even in memory.
		const key = createHash("sha256").update(bearer).digest("base64");
		return users.get(key, async () => {
			const { status } = await client.create(TokenReview, { metadata: {}, spec: { token: bearer } });
			return {
				value: status?.authenticated ? status.user : undefined,
				age: status?.authenticated ? TOKEN_AGE : 0,
			};
		});
	}

	const may = (user: UserInfo, verb: string, subresource: string): Promise<boolean> =>
		permissions.get(JSON.stringify([user, verb, subresource]), async () => {
			const { username, uid, groups, extra } = user;
			const resourceAttributes = { verb, version: "v1", resource: "nodes", subresource, name: nodeName };
			const spec = { user: username, uid, groups, extra, resourceAttributes };
			const { status } = await client.create(SubjectAccessReview, { metadata: {}, spec });
			const allowed = status?.allowed ?? false;
			return { value: allowed, age: allowed ? ALLOWED_AGE : DENIED_AGE };
		});

	return {
		async refusal(request) {
			const user = await userOf(request);
			if (!user) return { code: 401, message: "Unauthorized" };
			if (user.groups?.includes(ADMINS)) return undefined;
			const verb = VERBS[request.method ?? ""] ?? "";
			const subresources = subresourcesOf(new URL(request.url ?? "/", "http://agent").pathname);
			for (const subresource of subresources) if (await may(user, verb, subresource)) return undefined;
			const message = `Forbidden (user=${user.username}, verb=${verb}, resource=nodes, subresource(s)=[${subresources.join(" ")}])`;
			return { code: 403, message };
		},
	};
}

const VERBS: Readonly<Record<string, string>> = {
	GET: "get",
	HEAD: "get",
	POST: "create",
	PUT: "update",
	PATCH: "patch",
	DELETE: "delete",
};

const SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
	stats: ["stats"],
	metrics: ["metrics"],
	logs: ["log"],
	checkpoint: ["checkpoint"],
	pods: ["pods", "proxy"],
	runningPods: ["pods", "proxy"],
	healthz: ["healthz", "proxy"],
	configz: ["configz", "proxy"],
};

/** Of `nodes`, any of which opens the path. Source: kubelet authorization, and KEP-2862 for the finer ones. */
export function subresourcesOf(path: string): readonly string[] {
	const first = path.split("/")[1] ?? "";
	return Object.hasOwn(SUBRESOURCES, first) ? (SUBRESOURCES[first] ?? []) : ["proxy"];
}

/** Name and groups stand in a certificate's common name and organizations. */
function certified(socket: TLSSocket): UserInfo | undefined {
	if (!socket.authorized) return undefined;
	const { CN, O } = socket.getPeerCertificate().subject ?? {};
	const one = (value: string | readonly string[] | undefined) =>
		typeof value === "string" ? [value] : (value ?? []);
	const [username] = one(CN);
	return username === undefined ? undefined : { username, groups: [...one(O), "system:authenticated"] };
}

interface Memory<T> {
	/** What is remembered, or what `ask` answers, kept for so many milliseconds. */
	get(key: string, ask: () => Promise<{ readonly value: T; readonly age: number }>): Promise<T>;
}

function createMemory<T>(clock: Clock): Memory<T> {
	const known = new Map<string, { readonly value: T; readonly until: number }>();
	return {
		async get(key, ask) {
			const kept = known.get(key);
			if (kept && kept.until > clock.now()) return kept.value;
			const { value, age } = await ask();
			known.delete(key);
			if (age > 0) known.set(key, { value, until: clock.now() + age });
			// Maps keep the order of insertion: the oldest goes.
			for (const oldest of known.keys()) {
				if (known.size <= MOST) break;
				known.delete(oldest);
			}
			return value;
		},
	};
}

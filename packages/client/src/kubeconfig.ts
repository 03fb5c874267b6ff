/** Reads the files that `kubectl` reads: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import type { Credentials } from "./credentials.ts";

/** The file cannot be used; the message says which file, what is wrong, and where. */
export class KubeconfigError extends Error {
	override readonly name = "KubeconfigError";
}

export interface KubeconfigOptions {
	/** Default: the file's `current-context`. */
	readonly context?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** `source` is a path, or the text itself (anything of more than one line, or JSON). */
export async function loadKubeconfig(
	source: string,
	{ context: wanted }: KubeconfigOptions = {},
): Promise<Credentials> {
	const isText = source.includes("\n") || source.trimStart().startsWith("{");
	const label = isText ? "kubeconfig" : `kubeconfig ${source}`;
	const fail = (message: string, cause?: unknown): never => {
		throw new KubeconfigError(`${label}: ${message}`, { cause });
	};
	const text = isText
		? source
		: await readFile(source, "utf8").catch((error: Error) => fail(error.message, error));
	const config = parsed(text, fail);
	const folder = isText ? "." : dirname(source);

	const name = wanted ?? textIn(config, "current-context");
	if (!name) return fail("no current-context is set; name a context");
	const context =
		entry(config, "contexts", "context", name) ?? fail(`there is no context ${JSON.stringify(name)}`);
	const clusterName = textIn(context, "cluster") ?? fail(`context ${JSON.stringify(name)} names no cluster`);
	const cluster =
		entry(config, "clusters", "cluster", clusterName) ??
		fail(`there is no cluster ${JSON.stringify(clusterName)}`);
	const userName = textIn(context, "user");
	const user: Fields = userName
		? (entry(config, "users", "user", userName) ?? fail(`there is no user ${JSON.stringify(userName)}`))
		: {};
	for (const unsupported of ["exec", "auth-provider", "username"]) {
		if (user[unsupported])
			fail(`user ${JSON.stringify(userName)} uses ${unsupported}, which berth does not support`);
	}

	/** Data in the file goes before a path to it. */
	const embedded = async (fields: Fields, key: string): Promise<string | undefined> => {
		const data = textIn(fields, `${key}-data`);
		if (data) return decoded(data) ?? fail(`${key}-data is not base64`);
		const path = textIn(fields, key);
		if (!path) return undefined;
		return readFile(resolve(folder, path), "utf8").catch((error: Error) =>
			fail(`${key}: ${error.message}`, error),
		);
	};
	const tokenFile = textIn(user, "tokenFile");
	const server = textIn(cluster, "server") ?? fail(`cluster ${JSON.stringify(clusterName)} has no server`);
	const credentials: Credentials = {
		server: server.replace(/\/+$/, ""),
		ca: await embedded(cluster, "certificate-authority"),
		certificate: await embedded(user, "client-certificate"),
		key: await embedded(user, "client-key"),
		token:
			textIn(user, "token") ??
			(tokenFile &&
				(await readFile(resolve(folder, tokenFile), "utf8").catch((error: Error) =>
					fail(`tokenFile: ${error.message}`, error),
				))) ??
			undefined,
		serverName: textIn(cluster, "tls-server-name"),
		insecure: cluster["insecure-skip-tls-verify"] === true || undefined,
		namespace: textIn(context, "namespace"),
	};
	if (credentials.certificate && !credentials.key)
		fail(`user ${JSON.stringify(userName)} has a certificate without a key`);
	if (!URL.canParse(server)) fail(`${JSON.stringify(server)} is not an address`);
	return { ...credentials, token: credentials.token?.trim() || undefined };
}

function parsed(text: string, fail: (message: string, cause?: unknown) => never): Fields {
	let value: unknown;
	try {
		value = parse(text);
	} catch (error) {
		return fail(error instanceof Error ? error.message : "not YAML", error);
	}
	return isFields(value) ? value : fail("not a kubeconfig");
}

/** `{name, context: {…}}` in the list `contexts`. */
function entry(config: Fields, list: string, field: string, name: string): Fields | undefined {
	const entries = config[list];
	if (!Array.isArray(entries)) return undefined;
	const found: unknown = entries.find((each: unknown) => isFields(each) && each.name === name);
	const value = isFields(found) ? found[field] : undefined;
	return isFields(value) ? value : undefined;
}

const isFields = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value);

function textIn(fields: Fields, key: string): string | undefined {
	const value = fields[key];
	return typeof value === "string" && value !== "" ? value : undefined;
}

function decoded(base64: string): string | undefined {
	const compact = base64.replace(/\s+/g, "");
	return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, "base64").toString("utf8") : undefined;
}

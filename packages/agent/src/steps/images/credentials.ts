/** Who we are to a registry: from pull secrets, which hold what `docker login` writes. Pure. */
import type { Secret } from "@berth/api";
import type { RegistryCredentials } from "../../runtime/runtime.ts";
import { DEFAULT_REGISTRY } from "./reference.ts";

interface DockerAuth {
	readonly username?: string;
	readonly password?: string;
	/** base64 of `username:password` */
	readonly auth?: string;
	readonly identitytoken?: string;
}

/** The first entry of the secrets that is for this registry. */
export function credentialsFor(
	registry: string,
	secrets: readonly Secret[],
): RegistryCredentials | undefined {
	for (const secret of secrets) {
		for (const [server, entry] of Object.entries(authsOf(secret))) {
			if (hostOf(server) === registry) return { ...credentialsOf(entry), server };
		}
	}
	return undefined;
}

function authsOf({ type, data = {} }: Secret): Readonly<Record<string, DockerAuth>> {
	const key = type === "kubernetes.io/dockercfg" ? ".dockercfg" : ".dockerconfigjson";
	const text = Buffer.from(data[key] ?? "", "base64").toString();
	try {
		const config = JSON.parse(text) as { auths?: Record<string, DockerAuth> };
		return (key === ".dockercfg" ? (config as Record<string, DockerAuth>) : config.auths) ?? {};
	} catch {
		return {};
	}
}

/** `https://index.docker.io/v1/` is how Docker's own tools write the default registry. */
function hostOf(server: string): string {
	const host = server.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
	return host === "index.docker.io" || host === "registry-1.docker.io" ? DEFAULT_REGISTRY : host;
}

function credentialsOf(entry: DockerAuth) {
	const [username, ...password] = Buffer.from(entry.auth ?? "", "base64")
		.toString()
		.split(":");
	return {
		username: entry.username ?? username,
		password: entry.password ?? password.join(":"),
		identityToken: entry.identitytoken,
	};
}

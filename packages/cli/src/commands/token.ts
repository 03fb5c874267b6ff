/** `berth token`: a bearer token for a user, signed here, or for a service account, asked of the API server. */
import process from "node:process";
import { Command } from "commander";
import { defaultDataDirectory, requireCluster } from "../data-directory.ts";
import { Failure } from "../failure.ts";
import { duration, several } from "./values.ts";

interface TokenOptions {
	readonly dataDir: string;
	readonly user?: string;
	readonly group?: readonly string[];
	readonly serviceaccount?: string;
	readonly kubeconfig?: string;
	readonly audience?: readonly string[];
	readonly expires: number;
}

export function tokenCommand(): Command {
	return new Command("token")
		.description("print a bearer token; it cannot be taken back, so let it expire soon")
		.option("--user <name>", "for this user")
		.option("--group <name>", "a group the user is in; may be repeated", several)
		.option(
			"--data-dir <directory>",
			"the control plane's directory, which signs users' tokens",
			defaultDataDirectory(),
		)
		.option("--serviceaccount <namespace/name>", "for this service account instead")
		.option("--kubeconfig <file>", "who asks for the service account's token (default: $KUBECONFIG)")
		.option("--audience <name>", "for whom the service account's token is; may be repeated", several)
		.option("--expires <time>", "how long it holds: 90s, 15m, 24h, 7d", duration, 3_600)
		.action(token);
}

async function token(options: TokenOptions): Promise<void> {
	if ((options.user === undefined) === (options.serviceaccount === undefined)) {
		throw new Failure("whose token?", "name one of --user NAME and --serviceaccount NAMESPACE/NAME");
	}
	process.stdout.write(
		`${options.user === undefined ? await ofServiceAccount(options) : await ofUser(options)}\n`,
	);
}

async function ofUser({ dataDir, user = "", group = [], expires }: TokenOptions): Promise<string> {
	requireCluster(dataDir);
	const { openPki } = await import("@berth/apiserver");
	const pki = await openPki(dataDir);
	return pki.userToken({ user, groups: group, expiresInSeconds: expires });
}

async function ofServiceAccount(options: TokenOptions): Promise<string> {
	const [namespace, name, more] = (options.serviceaccount ?? "").split("/");
	if (!namespace || !name || more !== undefined) {
		throw new Failure(
			`"${options.serviceaccount}" names no service account`,
			"--serviceaccount takes NAMESPACE/NAME",
		);
	}
	const [{ ServiceAccount }, { connect }] = await Promise.all([
		import("@berth/api"),
		import("../connect.ts"),
	]);
	const { client, close } = await connect({ kubeconfig: options.kubeconfig });
	try {
		const answer = await client.post(ServiceAccount, { namespace, name }, "token", {
			apiVersion: "authentication.k8s.io/v1",
			kind: "TokenRequest",
			spec: { expirationSeconds: options.expires, audiences: options.audience ?? [] },
		});
		return (answer as { status: { token: string } }).status.token;
	} finally {
		await close();
	}
}

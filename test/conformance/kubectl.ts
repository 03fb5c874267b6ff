/** Stock kubectl: BERTH_KUBECTL, or the one in PATH. */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { must, type Running, run, start } from "../programs.ts";

export interface KubectlOptions {
	readonly kubeconfig: string;
	/** Where kubectl keeps its cache of discovery. */
	readonly home: string;
	/** Default: BERTH_KUBECTL, or `kubectl`. */
	readonly program?: string;
	readonly environment?: Readonly<Record<string, string>>;
}

/** `kubectl` with words split at spaces; words in single quotes stay whole. Answers stdout and stderr, trimmed, failed or not. */
export interface Kubectl {
	(line: string, input?: string): Promise<string>;
	/** As above, but throws when kubectl fails; of stdout alone. */
	must(line: string, input?: string): Promise<string>;
	json<T>(line: string): Promise<T>;
	/** One that goes on by itself, until it is stopped. */
	start(line: string): Running;
	/** The same cluster through another kubectl. */
	with(program: string): Kubectl;
	/** With this program as the editor. */
	withEditor(editor: string): Kubectl;
	/** With these variables in its environment. */
	withEnvironment(environment: Readonly<Record<string, string>>): Kubectl;
}

export const KUBECTL = process.env.BERTH_KUBECTL ?? "kubectl";

/** The minor version of a kubectl, or 0 when there is none. */
export function kubectlMinor(program = KUBECTL): number {
	const { stdout, status } = spawnSync(program, ["version", "--client", "-o", "json"]);
	if (status !== 0) return 0;
	const { clientVersion } = JSON.parse(stdout.toString()) as { clientVersion: { minor: string } };
	return Number.parseInt(clientVersion.minor, 10);
}

export function createKubectl(options: KubectlOptions): Kubectl {
	const { kubeconfig, home, program = KUBECTL, environment } = options;
	const env = { ...process.env, HOME: home, KUBECONFIG: kubeconfig, ...environment };
	const withEnvironment = (more: Readonly<Record<string, string>>) =>
		createKubectl({ ...options, environment: { ...environment, ...more } });
	const call = (line: string, input?: string) => ({ program, args: words(line), env, input });
	const succeed = async (line: string, input?: string) => (await must(call(line, input))).trim();
	const kubectl = async (line: string, input?: string) => {
		const { stdout, stderr } = await run(call(line, input));
		return `${stdout}${stderr}`.trim();
	};
	return Object.assign(kubectl, {
		must: succeed,
		json: async <T>(line: string): Promise<T> => JSON.parse(await succeed(`${line} -o json`)) as T,
		start: (line: string) => start(call(line)),
		with: (other: string) => createKubectl({ ...options, program: other }),
		withEditor: (editor: string) => withEnvironment({ KUBE_EDITOR: editor }),
		withEnvironment,
	});
}

/** `a 'b c' d='e f'` to `a`, `b c`, `d=e f`. */
function words(line: string): string[] {
	const found = line.match(/(?:'[^']*'|[^\s'])+/g) ?? [];
	return found.map((word) => word.replaceAll("'", ""));
}

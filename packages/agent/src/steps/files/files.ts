/** Small files that containers find in place: hosts, resolv.conf, and the one they leave their last words in. */
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EventRecorder } from "@berth/reconcile";
import type { Mount } from "../../runtime/container-spec.ts";
import { missingAs, type PodDirectories, writeWhole } from "../pod-directory.ts";
import type { ContainerScope, PodStep } from "../step.ts";
import { kernelNameOf } from "./host-name.ts";
import { hostNetworkHostsFile, hostsFile } from "./hosts-file.ts";
import {
	formatResolvConf,
	parseResolvConf,
	type ResolvConf,
	resolvConfOf,
	withinLimits,
} from "./resolv-conf.ts";

export interface FilesOptions {
	readonly directories: PodDirectories;
	readonly clusterDns: string;
	readonly clusterDomain: string;
	readonly events: EventRecorder;
}

const HOSTS = "/etc/hosts";
const RESOLV_CONF = "/etc/resolv.conf";
const TERMINATION_LOG = "/dev/termination-log";
/** Behind systemd-resolved the usual file names a server that only the host itself can reach. */
const RESOLVED = "/run/systemd/resolve/resolv.conf";

export function filesStep({ directories, clusterDns, clusterDomain, events }: FilesOptions): PodStep {
	return {
		name: "files",
		sandbox(spec, pod) {
			if (pod.spec.hostNetwork) return spec;
			return { ...spec, hostname: kernelNameOf(pod, clusterDomain) };
		},
		async container(spec, scope) {
			const { pod, container, podIps } = scope;
			const directory = directories.of(pod.metadata.uid);
			const hosts = pod.spec.hostNetwork
				? hostNetworkHostsFile(pod, await missingAs(readFile(HOSTS, "utf8"), ""))
				: hostsFile(pod, podIps, clusterDomain);
			const wanted = resolvConfOf(pod, { clusterDns, clusterDomain, host: await hostResolvConf() });
			const { conf, omissions } = withinLimits(wanted);
			for (const omission of omissions) events.warning(pod, "DNSConfigForming", omission);
			const files = new Map([
				[HOSTS, { path: join(directory, "hosts"), text: hosts }],
				[RESOLV_CONF, { path: join(directory, "resolv.conf"), text: formatResolvConf(conf) }],
			]);
			const mounts: Mount[] = [];
			for (const [target, { path, text }] of files) {
				// Whoever mounts something of their own there wants that.
				if (container.volumeMounts?.some(({ mountPath }) => mountPath === target)) continue;
				// Containers that run hold the file itself: it is not replaced while it says the same.
				if ((await missingAs(readFile(path, "utf8"), undefined)) !== text) await writeWhole(path, text);
				mounts.push({ source: path, target, readOnly: false, propagation: "private" });
			}
			mounts.push(await terminationLog(directory, scope));
			return { ...spec, mounts: [...spec.mounts, ...mounts] };
		},
	};
}

/** Where on the host a container's termination log is. */
export const terminationLogPath = (directory: string, container: string, attempt: number): string =>
	join(directory, "last-words", `${container}-${attempt}`);

async function terminationLog(directory: string, { container, attempt }: ContainerScope): Promise<Mount> {
	const source = terminationLogPath(directory, container.name, attempt);
	await writeWhole(source, "");
	// The container's user may be anybody.
	await chmod(source, 0o666);
	const target = container.terminationMessagePath || TERMINATION_LOG;
	return { source, target, readOnly: false, propagation: "private" };
}

async function hostResolvConf(): Promise<ResolvConf> {
	const text =
		(await missingAs(readFile(RESOLVED, "utf8"), undefined)) ??
		(await missingAs(readFile(RESOLV_CONF, "utf8"), ""));
	return parseResolvConf(text);
}

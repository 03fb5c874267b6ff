/**
 * What a pod may ask of this host at all, whatever room there is. Pure. Source: kubelet admission (sysctls, AppArmor,
 * supplemental groups), Node-pressure Eviction.
 */
import { type Pod, podQosClass, untolerated } from "@berth/api";
import type { Pressure } from "../pressure/assess.ts";
import { isCritical } from "../pressure/rank.ts";

export interface HostRules {
	/** Names, or prefixes that end in `*`, beside those that are safe. */
	readonly allowedUnsafeSysctls: readonly string[];
	/** The host's kernel enforces AppArmor profiles. */
	readonly appArmor: boolean;
	readonly pressures: ReadonlySet<Pressure>;
	/** The host is about to go down. */
	readonly shuttingDown: boolean;
}

/** What a calm host with nothing special allows. */
export const PLAIN_RULES: HostRules = {
	allowedUnsafeSysctls: [],
	appArmor: false,
	pressures: new Set(),
	shuttingDown: false,
};

export interface Refusal {
	readonly reason: string;
	readonly message: string;
}

/** Kept apart by the kernel's namespaces, and harmless to others. */
const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_wmem",
]);

/** Undefined when the host does what the pod asks for. */
export function refusedBy(pod: Pod, rules: HostRules): Refusal | undefined {
	if (rules.shuttingDown) return SHUTTING_DOWN;
	return sysctlRefused(pod, rules) ?? profileRefused(pod, rules) ?? groupsRefused(pod) ?? pressed(pod, rules);
}

const SHUTTING_DOWN: Refusal = {
	reason: "NodeShutdown",
	message: "Pod was rejected as the node is shutting down.",
};

function sysctlRefused({ spec }: Pod, { allowedUnsafeSysctls }: HostRules): Refusal | undefined {
	const isAllowed = (name: string) =>
		SAFE_SYSCTLS.has(name) ||
		allowedUnsafeSysctls.some((allowed) =>
			allowed.endsWith("*") ? name.startsWith(allowed.slice(0, -1)) : name === allowed,
		);
	// The kernel takes slashes for dots.
	const forbidden = (spec.securityContext?.sysctls ?? []).find(
		({ name }) => !isAllowed(name.replaceAll("/", ".")),
	);
	return (
		forbidden && {
			reason: "SysctlForbidden",
			message: `forbidden sysctl: ${JSON.stringify(forbidden.name)} not allowlisted`,
		}
	);
}

function profileRefused({ spec }: Pod, { appArmor }: HostRules): Refusal | undefined {
	if (appArmor) return undefined;
	const contexts = [spec, ...(spec.initContainers ?? []), ...spec.containers].map(
		({ securityContext }) => securityContext,
	);
	const wanted = contexts.some(
		(context) => context?.appArmorProfile && context.appArmorProfile.type !== "Unconfined",
	);
	return wanted
		? { reason: "AppArmor", message: "Cannot enforce AppArmor: AppArmor is not enabled on the host" }
		: undefined;
}

/** Docker adds the groups that the image's /etc/group gives the user, whatever it is told. */
const groupsRefused = ({ spec }: Pod): Refusal | undefined =>
	spec.securityContext?.supplementalGroupsPolicy === "Strict"
		? {
				reason: "SupplementalGroupsPolicyNotSupported",
				message: "SupplementalGroupsPolicy=Strict is not supported in this node",
			}
		: undefined;

const MEMORY_PRESSURE = { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" } as const;

/** A host that runs short takes on only what it will not have to evict first. */
function pressed(pod: Pod, { pressures }: HostRules): Refusal | undefined {
	if (pressures.size === 0 || isCritical(pod)) return undefined;
	const onlyMemory = pressures.size === 1 && pressures.has("MemoryPressure");
	if (onlyMemory && podQosClass(pod.spec) !== "BestEffort") return undefined;
	if (onlyMemory && !untolerated([MEMORY_PRESSURE], pod.spec.tolerations ?? [], ["NoSchedule"]))
		return undefined;
	return { reason: "Evicted", message: `The node had condition: [${[...pressures].join(" ")}]. ` };
}

import test from "ava";
import { podOf } from "./decide.world.ts";
import { type HostRules, PLAIN_RULES, refusedBy } from "./host-rules.ts";

const rules = (changes: Partial<HostRules> = {}): HostRules => ({ ...PLAIN_RULES, ...changes });
const withSysctl = (name: string) => podOf({ securityContext: { sysctls: [{ name, value: "1" }] } });

test("safe sysctls, and those that the host's owner allows", (t) => {
	t.is(refusedBy(withSysctl("kernel.shm_rmid_forced"), rules()), undefined);
	t.is(refusedBy(withSysctl("net/ipv4/tcp_syncookies"), rules()), undefined);
	t.deepEqual(refusedBy(withSysctl("kernel.msgmax"), rules()), {
		reason: "SysctlForbidden",
		message: 'forbidden sysctl: "kernel.msgmax" not allowlisted',
	});
	t.is(refusedBy(withSysctl("kernel.msgmax"), rules({ allowedUnsafeSysctls: ["kernel.msg*"] })), undefined);
	t.is(
		refusedBy(withSysctl("kernel.sem"), rules({ allowedUnsafeSysctls: ["kernel.msg*"] }))?.reason,
		"SysctlForbidden",
	);
});

test("a profile that nobody would enforce", (t) => {
	const pod = podOf({ securityContext: { appArmorProfile: { type: "RuntimeDefault" } } });
	t.is(refusedBy(pod, rules())?.reason, "AppArmor");
	t.is(refusedBy(pod, rules({ appArmor: true })), undefined);
	t.is(
		refusedBy(podOf({ securityContext: { appArmorProfile: { type: "Unconfined" } } }), rules()),
		undefined,
	);
});

test("groups that Docker cannot keep out", (t) => {
	const pod = podOf({ securityContext: { supplementalGroupsPolicy: "Strict" } });
	t.is(refusedBy(pod, rules())?.reason, "SupplementalGroupsPolicyNotSupported");
});

test("under pressure", (t) => {
	const short = rules({ pressures: new Set(["MemoryPressure"]) });
	t.deepEqual(refusedBy(podOf(), short), {
		reason: "Evicted",
		message: "The node had condition: [MemoryPressure]. ",
	});
	t.is(refusedBy(podOf({ priority: 2_000_000_000 }), short), undefined);
	t.is(
		refusedBy(
			podOf({ tolerations: [{ key: "node.kubernetes.io/memory-pressure", operator: "Exists" }] }),
			short,
		),
		undefined,
	);
	t.is(refusedBy(podOf(), rules({ pressures: new Set(["DiskPressure"]) }))?.reason, "Evicted");
});

test("a host that goes down takes nothing on", (t) => {
	t.deepEqual(refusedBy(podOf(), rules({ shuttingDown: true })), {
		reason: "NodeShutdown",
		message: "Pod was rejected as the node is shutting down.",
	});
});

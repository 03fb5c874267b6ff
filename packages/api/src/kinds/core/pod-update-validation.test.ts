import test from "ava";
import { sampleContainer, sampleMeta, samplePod, sampleStatus, updateRefusals } from "../testing/samples.ts";
import { Pod } from "./pod.ts";
import type { PodSpec } from "./pod-spec.ts";

const HEAD =
	"spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";

type Case = [title: string, old: Partial<PodSpec>, next: Partial<PodSpec>, expected: string[]];
const zone = (...values: string[]) => ({
	nodeAffinity: {
		requiredDuringSchedulingIgnoredDuringExecution: {
			nodeSelectorTerms: [{ matchExpressions: values.map((key) => ({ key, operator: "Exists" as const })) }],
		},
	},
});

const cases: Case[] = [
	["nothing", {}, {}, []],
	["an empty list for an absent one", {}, { tolerations: [], nodeSelector: {}, hostNetwork: false }, []],
	["an image", {}, { containers: [sampleContainer({ image: "nginx:2" })] }, []],
	["a toleration more", {}, { tolerations: [{ key: "a", operator: "Exists" }] }, []],
	[
		"a toleration less",
		{ tolerations: [{ key: "a", operator: "Exists" }] },
		{},
		["spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"],
	],
	[
		"a container more",
		{},
		{ containers: [sampleContainer(), sampleContainer({ name: "b" })] },
		["spec.containers: Forbidden: pod updates may not add or remove containers"],
	],
	["a deadline", {}, { activeDeadlineSeconds: 10 }, []],
	[
		"a later deadline",
		{ activeDeadlineSeconds: 10 },
		{ activeDeadlineSeconds: 20 },
		["spec.activeDeadlineSeconds: Invalid value: 20: must be less than or equal to previous value"],
	],
	[
		"no deadline any more",
		{ activeDeadlineSeconds: 10 },
		{},
		["spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"],
	],
	[
		"a grace period from below zero to one",
		{ terminationGracePeriodSeconds: -5 },
		{ terminationGracePeriodSeconds: 1 },
		[],
	],
	[
		"a scheduling gate more",
		{},
		{ schedulingGates: [{ name: "g" }] },
		["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'g'"],
	],
	["a scheduling gate less", { schedulingGates: [{ name: "g" }] }, {}, []],
	[
		"narrower while gated",
		{ schedulingGates: [{ name: "g" }], nodeSelector: { a: "1" }, affinity: zone("x") },
		{ schedulingGates: [{ name: "g" }], nodeSelector: { a: "1", b: "2" }, affinity: zone("x", "y") },
		[],
	],
	[
		"wider while gated",
		{ schedulingGates: [{ name: "g" }], nodeSelector: { a: "1" } },
		{ schedulingGates: [{ name: "g" }] },
		[
			"spec.nodeSelector: Invalid value: {}: only additions to spec.nodeSelector are allowed (no mutations or deletions)",
		],
	],
	[
		"root instead of the image's user",
		{ securityContext: {} },
		{ securityContext: { runAsUser: 0 } },
		[
			`${HEAD}  core.PodSpec{
  	... // 13 identical fields
  	SecurityContext: core.PodSecurityContext{
  		... // 2 identical fields
- 		RunAsUser: nil,
+ 		RunAsUser: 0,
  		... // 10 identical fields
  	}
  	... // 29 identical fields
  }
`,
		],
	],
];

for (const [title, old, next, expected] of cases)
	test(title, (t) => {
		const found = updateRefusals(Pod, samplePod(next), samplePod(old));
		t.deepEqual(
			found.map((text) => text.replace(/\d+ identical/g, "N identical")),
			expected.map((text) => text.replace(/\d+ identical/g, "N identical")),
		);
	});

test("quality of service does not change", (t) => {
	const asking = (cpu: string) => ({
		containers: [sampleContainer({ resources: { requests: { cpu }, limits: { cpu: "1", memory: "1Gi" } } })],
	});
	const found = updateRefusals(Pod, samplePod(asking("1")), samplePod(asking("500m")));
	t.is(found[0], 'metadata: Invalid value: "": Pod QoS is immutable');
	t.true(found[1]?.startsWith(HEAD));
	t.true(found[1]?.includes("-"));
});

test("a mirror annotation stays", (t) => {
	const mirror: Pod = {
		...samplePod(),
		metadata: sampleMeta("web", { annotations: { "kubernetes.io/config.mirror": "x" } }),
	};
	t.deepEqual(updateRefusals(Pod, samplePod(), mirror), [
		"metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not remove or update mirror pod annotation",
	]);
});

test("status: what has ended stays ended", (t) => {
	const ended = (exitCode: number) => ({ containerStatuses: [sampleStatus({ terminated: { exitCode } })] });
	const running = { containerStatuses: [sampleStatus({ running: {} })] };
	const check = (restartPolicy: "Always" | "OnFailure" | "Never", exitCode: number) =>
		Pod.validateStatusUpdate?.(
			samplePod({ restartPolicy }, running),
			samplePod({ restartPolicy }, ended(exitCode)),
		).length;
	t.is(check("Always", 1), 0);
	t.is(check("OnFailure", 1), 0);
	t.is(check("OnFailure", 0), 1);
	t.is(check("Never", 1), 1);
});

test("status: addresses", (t) => {
	const status = {
		hostIP: "10.0.0.1",
		hostIPs: [{ ip: "10.0.0.2" }],
		podIPs: [{ ip: "10.1.0.1" }, { ip: "10.1.0.1" }, { ip: "x" }],
	};
	t.deepEqual(
		Pod.validateStatusUpdate?.(samplePod({}, status), samplePod()).map(({ field }) => field),
		["status.podIPs[2]", "status.podIPs", "status.podIPs[1]", "status.hostIPs[0].ip"],
	);
});

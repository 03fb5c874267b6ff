import test from "ava";
import { refusals, sampleContainer, sampleMeta, samplePod } from "../testing/samples.ts";
import type { Container } from "./container.ts";
import { Pod } from "./pod.ts";
import type { PodSpec } from "./pod-spec.ts";
import type { Volume } from "./volume.ts";

const LABEL =
	"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

type Case = readonly [title: string, spec: Partial<PodSpec>, expected: readonly string[]];

const oneContainer = (container: Partial<Container>): Partial<PodSpec> => ({
	containers: [sampleContainer(container)],
});
const mounting = (volume: Volume, mount: { mountPath: string; subPath?: string }): Partial<PodSpec> => ({
	...oneContainer({ volumeMounts: [{ name: volume.name, ...mount }] }),
	volumes: [volume],
});

const cases: readonly Case[] = [
	["a plain pod", {}, []],
	["no containers", { containers: [] }, ["spec.containers: Required value"]],
	["a bad name", oneContainer({ name: "Web" }), [`spec.containers[0].name: Invalid value: "Web": ${LABEL}`]],
	["no name", oneContainer({ name: "" }), ["spec.containers[0].name: Required value"]],
	["a host name of its own", { hostnameOverride: "web.example.org", subdomain: "t" }, []],
	[
		"two ways to name the host",
		{ hostnameOverride: "web", setHostnameAsFQDN: true },
		["spec.setHostnameAsFQDN: Forbidden: may not be set when hostnameOverride is specified"],
	],
	[
		"a host name of its own on the host's network",
		{ hostnameOverride: "web", hostNetwork: true },
		["spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true"],
	],
	["no image", oneContainer({ image: "" }), ["spec.containers[0].image: Required value"]],
	[
		"an image with a blank",
		oneContainer({ image: "nginx " }),
		['spec.containers[0].image: Invalid value: "nginx ": must not have leading or trailing whitespace'],
	],
	[
		"the same name twice",
		{ containers: [sampleContainer(), sampleContainer()] },
		['spec.containers[1].name: Duplicate value: "web"'],
	],
	[
		"an init container of the same name",
		{ initContainers: [sampleContainer()] },
		['spec.initContainers[0].name: Duplicate value: "web"'],
	],
	[
		"unknown restart policy",
		{ restartPolicy: "Sometimes" as "Always" },
		['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"'],
	],
	[
		"ports",
		oneContainer({
			ports: [
				{ containerPort: 0 },
				{ containerPort: 70000, name: "http" },
				{ containerPort: 81, name: "http" },
				{ containerPort: 82, name: "UPPER" },
			],
		}),
		[
			"spec.containers[0].ports[0].containerPort: Required value",
			"spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
			'spec.containers[0].ports[3].name: Invalid value: "UPPER": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
			'spec.containers[0].ports[3].name: Invalid value: "UPPER": must contain at least one letter (a-z)',
			'spec.containers[0].ports[2].name: Duplicate value: "http"',
		],
	],
	[
		"one host port for two",
		oneContainer({
			ports: [
				{ containerPort: 80, hostPort: 8080 },
				{ containerPort: 81, hostPort: 8080 },
			],
		}),
		['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//8080"'],
	],
	[
		"another host port in the host's network",
		{ hostNetwork: true, ...oneContainer({ ports: [{ containerPort: 80, hostPort: 81 }] }) },
		[
			"spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true",
		],
	],
	[
		"environment",
		oneContainer({
			env: [
				{ name: "" },
				{ name: "A=B", value: "1" },
				{ name: "C", valueFrom: {} },
				{ name: "D", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
				{ name: "E", valueFrom: { fieldRef: { fieldPath: "status.phase" } } },
				{ name: "F", valueFrom: { fieldRef: { fieldPath: "spec.nope" } } },
				{ name: "G", valueFrom: { secretKeyRef: { name: "s", key: "" } } },
				{
					name: "H",
					valueFrom: {
						secretKeyRef: { name: "s", key: "k" },
						configMapKeyRef: { name: "s", key: "k" },
					},
				},
				{ name: "I", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "3" } } },
			],
		}),
		[
			"spec.containers[0].env[0].name: Required value",
			"spec.containers[0].env[1].name: Invalid value: \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='",
			'spec.containers[0].env[2].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
			'spec.containers[0].env[3].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
			'spec.containers[0].env[4].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
			'spec.containers[0].env[5].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nope": error converting fieldPath: field label not supported: spec.nope',
			"spec.containers[0].env[6].valueFrom.secretKeyRef.key: Required value",
			'spec.containers[0].env[7].valueFrom: Invalid value: "": may not have more than one field specified at a time',
			'spec.containers[0].env[8].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
		],
	],
	[
		"environment from nothing",
		oneContainer({ envFrom: [{}] }),
		['spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'],
	],
	[
		"a mount of nothing",
		oneContainer({ volumeMounts: [{ name: "data", mountPath: "" }] }),
		[
			'spec.containers[0].volumeMounts[0].name: Not found: "data"',
			"spec.containers[0].volumeMounts[0].mountPath: Required value",
		],
	],
	[
		"a way out of the volume",
		mounting({ name: "data", emptyDir: {} }, { mountPath: "/data", subPath: "../etc" }),
		["spec.containers[0].volumeMounts.subPath: Invalid value: \"../etc\": must not contain '..'"],
	],
	[
		"one place for two volumes",
		{
			volumes: [
				{ name: "a", emptyDir: {} },
				{ name: "b", emptyDir: {} },
			],
			...oneContainer({
				volumeMounts: [
					{ name: "a", mountPath: "/x" },
					{ name: "b", mountPath: "/x" },
				],
			}),
		},
		['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/x": must be unique'],
	],
	[
		"volumes",
		{
			volumes: [
				{ name: "a", emptyDir: {}, hostPath: { path: "/x" } },
				{ name: "a", hostPath: { path: "/a/../b" } },
				{ name: "c", secret: { secretName: "" } },
				{ name: "d", configMap: { name: "m", defaultMode: 1000, items: [{ key: "k", path: "/abs" }] } },
				{ name: "e", nfs: { server: "s", path: "rel" } },
				{ name: "f", downwardAPI: { items: [{ path: "x" }] } },
				{ name: "g", persistentVolumeClaim: { claimName: "" } },
				{ name: "h", projected: { sources: [{}] } },
				{ name: "i", iscsi: { targetPortal: "", iqn: "x", lun: 0 } },
			],
		},
		[
			"spec.volumes[0].hostPath: Forbidden: may not specify more than one volume type",
			"spec.volumes[1].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
			"spec.volumes[2].secret.secretName: Required value",
			"spec.volumes[3].configMap.defaultMode: Invalid value: 1000: must be a number between 0 and 0777 (octal), both inclusive",
			'spec.volumes[3].configMap.items[0].path: Invalid value: "/abs": must be a relative path',
			'spec.volumes[4].nfs.path: Invalid value: "rel": must be an absolute path',
			"spec.volumes[5].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required",
			"spec.volumes[6].persistentVolumeClaim.claimName: Required value",
			"spec.volumes[7].projected.sources[0]: Required value: must specify a volume type",
			"spec.volumes[8].iscsi.targetPortal: Required value",
			'spec.volumes[1].name: Duplicate value: "a"',
		],
	],
	[
		"a token of nobody, too short",
		{
			volumes: [
				{
					name: "t",
					projected: { sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 60 } }] },
				},
			],
		},
		[
			"spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes",
			"spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set",
		],
	],
	[
		"probes",
		oneContainer({
			livenessProbe: { httpGet: { port: 80 }, successThreshold: 2 },
			readinessProbe: { exec: { command: [] }, tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 5 },
			startupProbe: { periodSeconds: -1 },
		}),
		[
			"spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
			"spec.containers[0].readinessProbe.exec.command: Required value",
			"spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
			"spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes",
			"spec.containers[0].startupProbe: Required value: must specify a handler type",
			"spec.containers[0].startupProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
		],
	],
	[
		"a hook that sleeps too long",
		oneContainer({ lifecycle: { preStop: { sleep: { seconds: 60 } } } }),
		[
			"spec.containers[0].lifecycle.preStop.sleep: Invalid value: 60: must be non-negative and less than terminationGracePeriodSeconds (30)",
		],
	],
	[
		"init containers with probes, and sidecars",
		{
			initContainers: [
				sampleContainer({ name: "a", readinessProbe: { tcpSocket: { port: 80 } }, lifecycle: {} }),
				sampleContainer({
					name: "b",
					restartPolicy: "Always",
					readinessProbe: { tcpSocket: { port: 80 } },
				}),
			],
		},
		[
			"spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
			"spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
		],
	],
	[
		"resources",
		oneContainer({
			resources: {
				limits: { cpu: "1", "example.com/gpu": "1500m", bogus: "1", memory: "-1" },
				requests: { cpu: "2", "example.com/other": "1" },
			},
		}),
		[
			'spec.containers[0].resources.limits[example.com/gpu]: Invalid value: "1500m": must be an integer',
			'spec.containers[0].resources.limits[bogus]: Invalid value: "bogus": must be a standard resource type or fully qualified',
			'spec.containers[0].resources.limits[bogus]: Invalid value: "bogus": must be a standard resource for containers',
			'spec.containers[0].resources.limits[memory]: Invalid value: "-1": must be greater than or equal to 0',
			'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
			"spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
			'spec.containers[0].resources.requests[example.com/gpu]: Invalid value: "1500m": must be an integer',
			'spec.containers[0].resources.requests[bogus]: Invalid value: "bogus": must be a standard resource type or fully qualified',
			'spec.containers[0].resources.requests[bogus]: Invalid value: "bogus": must be a standard resource for containers',
			'spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
		],
	],
	[
		"dns",
		{ dnsPolicy: "None" },
		["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
	],
	[
		"name servers",
		{ dnsConfig: { nameservers: ["1.1.1.1", "2.2.2.2", "3.3.3.3", "x"] } },
		[
			'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","2.2.2.2","3.3.3.3","x"]: must not have more than 3 nameservers',
			'spec.dnsConfig.nameservers[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
		],
	],
	[
		"security",
		{
			securityContext: { runAsUser: -1, sysctls: [{ name: "Bad", value: "1" }] },
			...oneContainer({
				securityContext: {
					privileged: true,
					allowPrivilegeEscalation: false,
					seccompProfile: { type: "Localhost" },
				},
			}),
		},
		[
			"spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
			'spec.containers[0].securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false,"seccompProfile":{"type":"Localhost"}}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
			"spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
			'spec.securityContext.sysctls[0].name: Invalid value: "Bad": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
		],
	],
	[
		"tolerations",
		{
			tolerations: [
				{ operator: "Equal" },
				{ key: "a", operator: "Exists", value: "x" },
				{ key: "b", effect: "NoSchedule", tolerationSeconds: 5 },
			],
		},
		[
			'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
			'spec.tolerations[1].operator: Invalid value: {"key":"a","operator":"Exists","value":"x"}: value must be empty when `operator` is \'Exists\'',
			"spec.tolerations[2].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set",
		],
	],
	[
		"affinity",
		{
			affinity: {
				nodeAffinity: {
					requiredDuringSchedulingIgnoredDuringExecution: {
						nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In" }] }],
					},
					preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }],
				},
				podAntiAffinity: {
					requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "" }],
				},
			},
		},
		[
			"spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
			"spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
			"spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
			'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
			"spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
		],
	],
	[
		"spreading",
		{
			topologySpreadConstraints: [
				{ maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway", minDomains: 2 },
				{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" },
			],
		},
		[
			"spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
			"spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
			'spec.topologySpreadConstraints[1].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, ScheduleAnyway}"',
		],
	],
	[
		"names and numbers",
		{
			serviceAccountName: "A",
			activeDeadlineSeconds: 0,
			hostAliases: [{ ip: "nope", hostnames: ["ok"] }],
			schedulingGates: [{ name: "a" }, { name: "a" }],
		},
		[
			'spec.schedulingGates[1]: Duplicate value: "a"',
			"spec.serviceAccountName: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
			"spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
			'spec.hostAliases[0].ip: Invalid value: "nope": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
		],
	],
	[
		"debugging containers from the start",
		{
			ephemeralContainers: [
				{ name: "d", image: "busybox", targetContainerName: "x", ports: [{ containerPort: 1 }] },
			],
		},
		[
			'spec.ephemeralContainers[0].targetContainerName: Not found: "x"',
			"spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
			"spec.ephemeralContainers: Forbidden: cannot be set on create",
		],
	],
	[
		"pod-level resources below the containers'",
		{
			...oneContainer({ resources: { requests: { cpu: "2" } } }),
			resources: { requests: { cpu: "1", "example.com/x": "1" } },
		},
		[
			'spec.resources.requests[example.com/x]: Unsupported value: "example.com/x": supported values: "cpu", "hugepages-", "memory"',
			'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
		],
	],
];

for (const [title, spec, expected] of cases)
	test(title, (t) => t.deepEqual(refusals(Pod, samplePod(spec)), [...expected]));

test("a mirror pod has its node", (t) => {
	const pod: Pod = {
		...samplePod(),
		metadata: sampleMeta("web", { annotations: { "kubernetes.io/config.mirror": "x" } }),
	};
	t.deepEqual(refusals(Pod, pod), [
		'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set',
	]);
});

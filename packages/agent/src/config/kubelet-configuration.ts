/**
 * The agent's configuration file: the fields of Kubernetes' KubeletConfiguration that mean something here, under their own
 * names. Source: kubelet.config.k8s.io/v1beta1.
 */
import { applyDefaults, decodeValue, parseGoDuration, schema } from "@berth/api";
import { LEFT_OUT } from "./left-out-fields.ts";

const { bool, duration, int32, int64, listOf, mapOf, object, string, types } = schema;

const Taint = object("kubelet.v1beta1.Taint", {
	key: string({ required: true }),
	value: string(),
	effect: string({ required: true, enum: ["NoSchedule", "PreferNoSchedule", "NoExecute"] }),
});

const ShutdownShare = object("kubelet.v1beta1.ShutdownGracePeriodByPodPriority", {
	priority: int32({ required: true }),
	shutdownGracePeriodSeconds: int64({ required: true }),
});

const KubeletConfigurationSchema = object("kubelet.v1beta1.KubeletConfiguration", {
	apiVersion: string({ required: true, enum: ["kubelet.config.k8s.io/v1beta1"] }),
	kind: string({ required: true, enum: ["KubeletConfiguration"] }),
	staticPodPath: string({
		doc: "Directory of manifests (or a single one) of pods that run without the API server.",
	}),
	registerWithTaints: listOf(Taint, { doc: "Taints that the node is registered with." }),
	fileCheckFrequency: duration({
		default: "20s",
		doc: "How often that directory is read though nothing seems to change.",
	}),
	nodeStatusUpdateFrequency: duration({ default: "10s", doc: "How often the host is looked at." }),
	nodeStatusReportFrequency: duration({
		default: "5m0s",
		doc: "How often the node's status is written though nothing has changed.",
	}),
	nodeLeaseDurationSeconds: int32({
		default: 40,
		doc: "Age at which the node's sign of life is stale; it is renewed four times as often.",
	}),
	maxPods: int32({ default: 110, doc: "Pods that the node takes." }),
	podPidsLimit: int32({ default: -1, doc: "Processes of one pod; -1: no limit." }),
	systemReserved: mapOf(types.string, { doc: "What is kept back for the host." }),
	kubeReserved: mapOf(types.string, { doc: "What is kept back for the agent and Docker." }),
	evictionHard: mapOf(types.string, { doc: "Signals and their thresholds, at which pods go at once." }),
	evictionSoft: mapOf(types.string, { doc: "Thresholds at which pods go after a while." }),
	evictionSoftGracePeriod: mapOf(types.string, { doc: "How long each soft threshold is suffered." }),
	evictionMaxPodGracePeriod: int32({
		default: 0,
		doc: "Seconds at most for a pod that goes for a soft threshold.",
	}),
	evictionPressureTransitionPeriod: duration({
		default: "5m0s",
		doc: "How long a condition of pressure stays.",
	}),
	evictionMinimumReclaim: mapOf(types.string, { doc: "What is freed beyond the threshold." }),
	imageMinimumGCAge: duration({ default: "2m0s", doc: "Unused images younger than this stay." }),
	imageMaximumGCAge: duration({
		default: "0s",
		doc: "Unused images older than this go; 0: never for their age.",
	}),
	imageGCHighThresholdPercent: int32({ default: 85, doc: "Use of the disk at which images go." }),
	imageGCLowThresholdPercent: int32({ default: 80, doc: "Use of the disk down to which they go." }),
	streamingConnectionIdleTimeout: duration({
		default: "4h0m0s",
		doc: "Exec, attach and port-forward connections end when nothing came or went for so long; 0: never.",
	}),
	allowedUnsafeSysctls: listOf(types.string, { doc: "Names, or prefixes that end in `*`." }),
	shutdownGracePeriod: duration({ default: "0s", doc: "How long a shutdown of the host waits for pods." }),
	shutdownGracePeriodCriticalPods: duration({
		default: "0s",
		doc: "The end of that time that critical pods have.",
	}),
	shutdownGracePeriodByPodPriority: listOf(ShutdownShare, {
		doc: "In place of these two: how long pods of each priority and above, up to the next, have in turn.",
	}),
	podsPerCore: int32({ default: 0, doc: "Pods for each processor at most; 0: `maxPods` alone says." }),
	nodeStatusMaxImages: int32({ default: 50, doc: "Images that the node tells of at most; -1: all." }),
	seccompDefault: bool({
		default: false,
		doc: "Containers that name no profile get the runtime's, not none.",
	}),
	serializeImagePulls: bool({ default: true, doc: "One image is pulled at a time." }),
});
export interface KubeletConfiguration extends schema.Infer<typeof KubeletConfigurationSchema> {}

const IDENTITY = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };

/** Thresholds that kubelets on Linux have by default. */
const EVICTION_HARD = {
	"memory.available": "100Mi",
	"nodefs.available": "10%",
	"nodefs.inodesFree": "5%",
	"imagefs.available": "15%",
	"imagefs.inodesFree": "5%",
};

/** The configuration in whole, from what a file holds. Throws an Error that names every field that is wrong or unknown. */
export function kubeletConfiguration(value: unknown = IDENTITY): KubeletConfiguration {
	const { value: decoded, problems } = decodeValue(KubeletConfigurationSchema, value);
	if (problems.length) throw new Error(problems.map(explained).join(", "));
	const { apiVersion, kind } = decoded;
	if (apiVersion !== IDENTITY.apiVersion || kind !== IDENTITY.kind) {
		throw new Error(`expected a ${IDENTITY.kind} of ${IDENTITY.apiVersion}, found ${kind} of ${apiVersion}`);
	}
	const whole = applyDefaults(KubeletConfigurationSchema, decoded) as unknown as KubeletConfiguration;
	checkShutdown(decoded);
	return { ...whole, evictionHard: whole.evictionHard ?? EVICTION_HARD };
}

/** A kubelet's field that means nothing here is no mistake of spelling. */
function explained(problem: string): string {
	const [, field = ""] = /^unknown field "(.*)"$/.exec(problem) ?? [];
	const instead = LEFT_OUT.get(field);
	return instead === undefined
		? problem
		: `field "${field}" of kubelets has no meaning here (${instead}): leave it out`;
}

function checkShutdown({
	shutdownGracePeriod,
	shutdownGracePeriodCriticalPods,
	shutdownGracePeriodByPodPriority,
}: Partial<KubeletConfiguration>): void {
	if (!shutdownGracePeriodByPodPriority?.length) return;
	const lasts = (text: string | undefined) => text !== undefined && parseGoDuration(text) !== 0;
	if (!lasts(shutdownGracePeriod) && !lasts(shutdownGracePeriodCriticalPods)) return;
	throw new Error(
		"shutdownGracePeriodByPodPriority cannot be set together with shutdownGracePeriod or shutdownGracePeriodCriticalPods",
	);
}

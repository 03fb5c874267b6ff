/**
 * Where protobuf and JSON disagree on shape: structures that JSON shows as part of the object around them are messages
 * of their own here. `number` is the field that holds the message, `own` are the fields that stay outside it.
 */
export interface Inlined {
	readonly number: number;
	readonly own: readonly string[];
}

const reference = (...own: string[]): Inlined => ({ number: 1, own });

export const INLINED: ReadonlyMap<string, Inlined> = new Map([
	["core.v1.ConfigMapEnvSource", reference("optional")],
	["core.v1.ConfigMapKeySelector", reference("key", "optional")],
	["core.v1.ConfigMapProjection", reference("items", "optional")],
	["core.v1.EphemeralContainer", reference("targetContainerName")],
	[
		"core.v1.PersistentVolumeSpec",
		{
			number: 2,
			own: [
				"capacity",
				"accessModes",
				"claimRef",
				"persistentVolumeReclaimPolicy",
				"storageClassName",
				"mountOptions",
				"volumeMode",
				"nodeAffinity",
				"volumeAttributesClassName",
			],
		},
	],
	[
		"core.v1.Probe",
		reference(
			"initialDelaySeconds",
			"timeoutSeconds",
			"periodSeconds",
			"successThreshold",
			"failureThreshold",
			"terminationGracePeriodSeconds",
		),
	],
	["core.v1.SecretEnvSource", reference("optional")],
	["core.v1.SecretKeySelector", reference("key", "optional")],
	["core.v1.SecretProjection", reference("items", "optional")],
	["core.v1.Volume", { number: 2, own: ["name"] }],
]);

/** Tells users what happened to an object: Events, with repeats counted on one object instead of multiplied. */
import type { KubeObject } from "@berth/api";

export interface EventRecorder {
	/**
	 * Never throws and never blocks the caller; an event that cannot be written is logged and dropped. `fieldPath` is the
	 * part of the object that it is about, such as `spec.containers{web}`.
	 */
	normal(about: KubeObject, reason: string, message: string, fieldPath?: string): void;
	warning(about: KubeObject, reason: string, message: string, fieldPath?: string): void;
}

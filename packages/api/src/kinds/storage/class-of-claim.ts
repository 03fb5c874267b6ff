/** Which class of storage a claim or a volume is of. */
import type { KubeObject } from "../../machinery/meta.ts";
import type { StorageClass } from "./storage-class.ts";

/** Marks on the class that claims get which name none. */
export const DEFAULT_CLASS_MARKS = [
	"storageclass.kubernetes.io/is-default-class",
	"storageclass.beta.kubernetes.io/is-default-class",
];

/** Where the class was named before there was a field. */
const OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

/** Undefined when a claim leaves it open; "" when it wants a volume without a class. */
export const storageClassNameOf = ({
	metadata,
	spec,
}: Pick<KubeObject, "metadata"> & { readonly spec?: { readonly storageClassName?: string | undefined } }):
	| string
	| undefined => metadata.annotations?.[OLD_CLASS] ?? spec?.storageClassName;

/** The newest class that is marked; of those of one second the first by name. */
export function defaultStorageClassOf(classes: readonly StorageClass[]): StorageClass | undefined {
	const defaults = classes.filter(({ metadata }) =>
		DEFAULT_CLASS_MARKS.some((key) => metadata.annotations?.[key] === "true"),
	);
	return defaults.toSorted(
		(a, b) =>
			(b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? "") ||
			a.metadata.name.localeCompare(b.metadata.name),
	)[0];
}

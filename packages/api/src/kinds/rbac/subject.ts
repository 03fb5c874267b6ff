import { atomicObject, type Infer, string } from "../../machinery/schema.ts";

export const Subject = atomicObject(
	"rbac.v1.Subject",
	{
		kind: string({ required: true, pb: 1, doc: "User, Group or ServiceAccount." }),
		apiGroup: string({ pb: 2, doc: "Group of the kind." }),
		name: string({ required: true, pb: 3, doc: "Name of the subject." }),
		namespace: string({ pb: 4, doc: "Namespace of a service account." }),
	},
	"A user, group or service account.",
);
export interface Subject extends Infer<typeof Subject> {}

export const RoleRef = atomicObject(
	"rbac.v1.RoleRef",
	{
		apiGroup: string({ pb: 1, doc: "Group of the role." }),
		kind: string({ required: true, pb: 2, doc: "Role or ClusterRole." }),
		name: string({ required: true, pb: 3, doc: "Name of the role." }),
	},
	"The role that is given.",
);
export interface RoleRef extends Infer<typeof RoleRef> {}

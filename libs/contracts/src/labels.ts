/** Names that our objects in clusters carry. Everything of ours lives in one namespace. */
export const GODWIT_NAMESPACE = 'godwit-system';
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGED_BY = 'godwit';
/** Id of the run; on all that a run creates, ours and the user's. */
export const RUN_LABEL = 'godwit.io/run';
/** Id of the step that made a temporary object. */
export const STEP_LABEL = 'godwit.io/step';
/** Id of the volume that a temporary object serves. */
export const VOLUME_LABEL = 'godwit.io/volume';
/** Id of the migration; on claims of ours with staged volumes, which outlive the runs that fill them. */
export const MIGRATION_LABEL = 'godwit.io/migration';
/** Field manager of server-side apply. */
export const FIELD_MANAGER = 'godwit';
/** On a PersistentVolume of ours while it is handed over from our claim to the user's; what bears it holds the only copy. */
export const REBINDING_ANNOTATION = 'godwit.io/rebinding';
/**
 * On a PersistentVolume of ours that is a second handle on a user's volume; names that one. What bears it may be deleted as an
 * object, and never with its storage.
 */
export const EXPOSES_ANNOTATION = 'godwit.io/exposes';

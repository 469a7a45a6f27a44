/** The finalizers by which a deletion waits for the garbage collector (apimachinery metav1.FinalizerDeleteDependents, …OrphanDependents). */
export const FOREGROUND_FINALIZER = 'foregroundDeletion'
export const ORPHAN_FINALIZER = 'orphan'

//! The names of the curves.

use crate::text::tr;

/// The name of the curve of quick evaluations.
pub(super) fn quick_name(validation: bool) -> &'static str {
    if validation { tr("validation, first 1000") } else { tr("test, first 1000") }
}

/// The name of the dots at the epochs' ends.
pub(super) fn full_name(validation: bool) -> &'static str {
    if validation { tr("validation, all") } else { tr("test, all") }
}

//! What a row asks of the table.

/// What a row does besides sending actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// To type another name.
    Rename,
    /// To keep the name that was typed.
    Keep,
    /// To forget it.
    Drop,
}

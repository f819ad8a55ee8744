//! Whether messages of a protobuf contain each other only a few levels deep: the parser calls itself for each level, and a
//! damaged file must not use up the stack.

/// The most levels of graphs and types inside each other.
const MOST: usize = 16;

/// The messages of ONNX that contain each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    Model,
    Training,
    Function,
    Graph,
    Node,
    Attribute,
    Value,
    Type,
    /// What is inside a sequence, a map or an optional type.
    Inner,
}

/// Message, field, message of that field.
const FIELDS: [(Message, u64, Message); 21] = [
    (Message::Model, 7, Message::Graph),
    (Message::Model, 20, Message::Training),
    (Message::Model, 25, Message::Function),
    (Message::Training, 1, Message::Graph),
    (Message::Training, 2, Message::Graph),
    (Message::Function, 7, Message::Node),
    (Message::Function, 11, Message::Attribute),
    (Message::Function, 12, Message::Value),
    (Message::Graph, 1, Message::Node),
    (Message::Graph, 11, Message::Value),
    (Message::Graph, 12, Message::Value),
    (Message::Graph, 13, Message::Value),
    (Message::Node, 5, Message::Attribute),
    (Message::Attribute, 6, Message::Graph),
    (Message::Attribute, 11, Message::Graph),
    (Message::Attribute, 14, Message::Type),
    (Message::Attribute, 15, Message::Type),
    (Message::Value, 2, Message::Type),
    (Message::Type, 4, Message::Inner),
    (Message::Type, 5, Message::Inner),
    (Message::Type, 9, Message::Inner),
];

/// Whether the parser can read the file without going deep. What is damaged otherwise, it says itself.
pub(super) fn is_bounded(bytes: &[u8]) -> bool {
    let mut open = vec![(Message::Model, bytes, 0)];
    while let Some((message, mut rest, depth)) = open.pop() {
        while let Some((field, content)) = next(&mut rest) {
            let inner = FIELDS.iter().find(|(outer, number, _)| (*outer, *number) == (message, field));
            let inner = match inner {
                Some((_, _, inner)) => *inner,
                None if message == Message::Inner && field <= 2 => Message::Type,
                None => continue,
            };
            let depth = depth + usize::from(matches!(inner, Message::Graph | Message::Type));
            if depth > MOST {
                return false;
            }
            open.push((inner, content, depth));
        }
    }
    true
}

/// The next field: its number and its content, which is empty for a number. `None` at the end, or where it is damaged.
fn next<'a>(rest: &mut &'a [u8]) -> Option<(u64, &'a [u8])> {
    let tag = varint(rest)?;
    let content = match tag & 7 {
        0 => varint(rest).map(|_| &[][..])?,
        1 => rest.split_off(..8)?,
        2 => {
            let length = usize::try_from(varint(rest)?).ok()?;
            rest.split_off(..length)?
        }
        5 => rest.split_off(..4)?,
        _ => return None,
    };
    Some((tag >> 3, if tag & 7 == 2 { content } else { &[] }))
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![number << 3 | 2];
        let mut length = content.len();
        while length >= 0x80 {
            bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        bytes.push(length as u8);
        bytes.extend(content);
        bytes
    }

    #[test]
    fn graphs_inside_graphs_are_counted() {
        let nested = |levels: usize| {
            let graph = (0..levels).fold(Vec::new(), |graph, _| field(1, &field(5, &field(6, &graph))));
            field(7, &graph)
        };
        assert!(is_bounded(&nested(10)));
        assert!(!is_bounded(&nested(20)));
        assert!(!is_bounded(&nested(20_000)), "and without going deep itself");
        let types = (0..20).fold(Vec::new(), |inner, _| field(4, &field(1, &inner)));
        assert!(!is_bounded(&field(7, &field(11, &field(2, &types)))));
    }
}

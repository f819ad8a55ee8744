//! Sheets from an order: each drawn by the seed and its number, none like another.

use super::{
    chain::Chain,
    convolution::ConvolutionExercise,
    error::WorksheetError,
    numbers::{self, random},
    order::{Chosen, MAX_COUNT, Order, Topic},
    pooling::PoolingExercise,
    same::Same,
    settings::Settings,
    sheet::{Exercise, Sheet, Title},
    sizes::Sizes,
    subject::Subject,
};
use crate::nn::SettingError;
use rand_chacha::ChaCha8Rng;

/// How often a sheet that is like an earlier one is drawn again.
const ATTEMPTS: usize = 200;

/// The most products of an exercise that is followed by another one.
const MANY_PRODUCTS: usize = 160;

/// The side of a digit's grid, where none is chosen.
const DIGIT_SIDE: usize = 7;

/// The largest number of a convolution's input, and of a pooled one.
const MOST: (u8, u8) = (3, 9);

/// Makes the sheets of an order. The same order gives the same sheets.
pub fn sheets(order: &Order) -> Result<Vec<Sheet>, WorksheetError> {
    SettingError::check("count", order.count, 1..=MAX_COUNT)?;
    if order.topic == Topic::Sizes && order.digit.is_some() {
        return Err(WorksheetError::NoPicture);
    }
    let mut sheets: Vec<Sheet> = Vec::with_capacity(order.count);
    for number in 1..=order.count {
        let mut found = None;
        for attempt in 0..ATTEMPTS {
            let exercises = exercises(order, &mut random(order.seed, number, attempt))?;
            if sheets.iter().all(|other| other.exercises != exercises) {
                found = Some(exercises);
                break;
            }
        }
        let Some(exercises) = found else { return Err(WorksheetError::TooFew(sheets.len())) };
        let (title, seed) = (Title::Topic(order.topic), Some(order.seed));
        sheets.push(Sheet { title, number, count: order.count, seed, exercises });
    }
    Ok(sheets)
}

fn exercises(order: &Order, random: &mut ChaCha8Rng) -> Result<Vec<Exercise>, WorksheetError> {
    match order.topic {
        Topic::Convolution => convolutions(order, random),
        Topic::Pooling => poolings(order, random),
        Topic::Sizes => {
            order.chosen.check(Topic::Sizes)?;
            Ok(vec![
                Exercise::Sizes(Sizes::draw(&order.chosen, random)?),
                Exercise::Same(Same::draw(&order.chosen, random)),
                Exercise::Chain(Chain::draw(random)?),
            ])
        }
    }
}

/// The settings of the exercise on a digit: its grid is large enough to recognise it.
fn for_digit(order: &Order, random: &mut ChaCha8Rng) -> Result<Settings, WorksheetError> {
    let chosen = Chosen { size: order.chosen.size.or(Some(DIGIT_SIDE)), channels: None, ..order.chosen };
    Settings::draw(order.topic, &chosen, random)
}

fn convolutions(order: &Order, random: &mut ChaCha8Rng) -> Result<Vec<Exercise>, WorksheetError> {
    let settings = Settings::draw(Topic::Convolution, &order.chosen, random)?;
    let Settings { size, kernel_size, channels, filters, .. } = settings;
    let input = numbers::whole(random, channels * size * size, 0, MOST.0.into());
    let kernels = (0..filters).flat_map(|_| numbers::kernel(random, channels, kernel_size)).collect();
    let first = ConvolutionExercise::new(Subject::Plain, settings, input, kernels)?;
    let products = ConvolutionExercise::products(&settings, first.size.output);
    let mut exercises = vec![Exercise::Convolution(Box::new(first))];
    let edge_kernels = |random: &mut ChaCha8Rng, count: usize, side: usize| -> Vec<f32> {
        (0..count).flat_map(|_| numbers::edge_kernel(random, side)).collect()
    };
    if let Some(digit) = &order.digit {
        let settings = for_digit(order, random)?;
        let kernels = edge_kernels(random, settings.filters, settings.kernel_size);
        let (subject, input) = (Subject::Digit(digit.clone()), digit.grid(settings.size, MOST.0));
        let second = ConvolutionExercise::new(subject, settings, input, kernels)?;
        exercises.push(Exercise::Convolution(Box::new(second)));
    } else if products <= MANY_PRODUCTS {
        let input = (0..channels).flat_map(|_| numbers::edge(random, size)).collect();
        let kernels = edge_kernels(random, filters * channels, kernel_size);
        let second = ConvolutionExercise::new(Subject::Edge, settings, input, kernels)?;
        exercises.push(Exercise::Convolution(Box::new(second)));
    }
    Ok(exercises)
}

fn poolings(order: &Order, random: &mut ChaCha8Rng) -> Result<Vec<Exercise>, WorksheetError> {
    let plain = |random: &mut ChaCha8Rng| -> Result<Exercise, WorksheetError> {
        let settings = Settings::draw(Topic::Pooling, &order.chosen, random)?;
        let input = numbers::whole(random, settings.size * settings.size, 0, MOST.1.into());
        Ok(Exercise::Pooling(Box::new(PoolingExercise::new(Subject::Plain, settings, input)?)))
    };
    let first = plain(random)?;
    let second = match &order.digit {
        Some(digit) => {
            let settings = for_digit(order, random)?;
            let (subject, input) = (Subject::Digit(digit.clone()), digit.grid(settings.size, MOST.1));
            Exercise::Pooling(Box::new(PoolingExercise::new(subject, settings, input)?))
        }
        None => plain(random)?,
    };
    Ok(vec![first, second])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_sheets_of_a_seed_differ_and_come_again() {
        for topic in Topic::ALL {
            let order = Order { topic, count: 30, seed: 7, ..Order::default() };
            let made = sheets(&order).unwrap();
            for (i, sheet) in made.iter().enumerate() {
                assert!(made[..i].iter().all(|other| other.exercises != sheet.exercises), "{topic:?} {i}");
            }
            assert_eq!(made, sheets(&order).unwrap());
            assert_ne!(made, sheets(&Order { seed: 8, ..order.clone() }).unwrap());
            // A sheet does not depend on how many others there are.
            let few = sheets(&Order { count: 3, ..order }).unwrap();
            assert!(few.iter().zip(&made).all(|(few, many)| few.exercises == many.exercises));
        }
    }

    #[test]
    fn few_numbers_still_give_different_sheets() {
        let chosen = Chosen { size: Some(2), kernel_size: Some(1), stride: Some(4), ..Chosen::default() };
        let chosen = Chosen { padding: Some(0), dilation: Some(1), ..chosen };
        // A single output, but its four cells differ often enough.
        let order = Order { topic: Topic::Convolution, chosen, count: 20, ..Order::default() };
        assert_eq!(sheets(&order).unwrap().len(), 20);
        let none = Order { count: 0, ..order };
        assert_eq!(sheets(&none).unwrap_err().to_string(), "count is 0, but must be from 1 to 200");
    }
}

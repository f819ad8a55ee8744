//! What the core makes of a choice, asked in the background whenever the choice, the image, the network or its answer is
//! another.

use super::{
    Back, Numbers, PoolingChoice, PoolingSource, Setting, Study, map_values,
    study::{GradientOf, Refusal},
};
use crate::{
    nn::Trace,
    ui::{
        latest::Latest,
        pooling::PoolingShow,
        state::{AppState, CurrentImage},
        tasks::{Threading, Wake},
    },
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// While a network learns, the next question waits for this many times what the last one took.
const PAUSE: u32 = 10;

/// Row by row, with (rows, columns).
type Map = (Vec<f32>, (usize, usize));

enum Question {
    /// What comes of a map.
    Study(Box<PoolingChoice>, Map),
    /// The way of the gradient back.
    Back(Arc<Study>, GradientOf),
}

enum Answer {
    Study(Result<Box<Study>, Refusal>, Duration),
    Back(Back),
}

/// What tells one input from another.
enum Input {
    Image(u64),
    Trace(Arc<Trace>),
    Numbers,
}

impl Input {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Image(a), Self::Image(b)) => a == b,
            (Self::Trace(a), Self::Trace(b)) => Arc::ptr_eq(a, b),
            (Self::Numbers, Self::Numbers) => true,
            _ => false,
        }
    }
}

/// Asks, and takes the answers.
pub struct Studies {
    latest: Latest<Question, Answer>,
    /// The choice that was asked about last, and over what.
    asked: Option<(PoolingChoice, Input)>,
    /// The gradient that was asked for last.
    asked_back: Option<(Arc<Study>, GradientOf)>,
    /// When the last study came, and for how long the next one waits while a network learns.
    last: Option<(Instant, Duration)>,
    number: u64,
}

impl Studies {
    /// Nothing is asked yet.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let latest = Latest::new("pooling", threading, wake, |question: Question, desk| {
            let begun = Instant::now();
            match question {
                Question::Study(choice, (values, size)) => {
                    let made = Study::new(&choice, &values, size, &|| desk.is_wanted());
                    if let Some(made) = made.transpose() {
                        desk.tell(Answer::Study(made.map(Box::new), begun.elapsed()));
                    }
                }
                Question::Back(study, of) => desk.tell(Answer::Back(Back::new(study, of))),
            }
        });
        Self { latest, asked: None, asked_back: None, last: None, number: 0 }
    }

    /// Takes an answer into the state, and asks anew if the choice or what it is over is another now.
    pub fn keep_up(&mut self, state: &mut AppState) {
        self.take(state);
        self.ask(state);
        self.take(state);
        let is_asked = |(asked, _): &(PoolingChoice, Input)| asked.is_like(&state.settings.pooling);
        if self.asked.as_ref().is_some_and(is_asked) {
            state.pooling.arrive();
        }
        self.ask_back(state);
        self.take(state);
    }

    fn take(&mut self, state: &mut AppState) {
        let lab = &mut state.pooling;
        match self.latest.take() {
            Some(Answer::Study(Ok(study), took)) => {
                self.last = Some((Instant::now(), took * PAUSE));
                self.number += 1;
                lab.take(Study { number: self.number, ..*study });
            }
            Some(Answer::Study(Err(refusal), _)) => self.refuse(state, refusal),
            Some(Answer::Back(back)) => lab.back = Some(Arc::new(back)),
            None => {}
        }
    }

    fn refuse(&mut self, state: &mut AppState, refusal: Refusal) {
        // What a settings file holds may never have fitted: then there is no last picture, and this one stands for it.
        if state.pooling.study.is_none() {
            let (values, size) = of_image(&state.image);
            if let Ok(Some(study)) = Study::new(&PoolingChoice::default(), &values, size, &|| true) {
                self.number += 1;
                state.pooling.take(Study { number: self.number, ..study });
            }
        }
        state.pooling.refuse(refusal);
    }

    fn ask(&mut self, state: &mut AppState) {
        let choice = &state.settings.pooling;
        let answer = state.current_answer();
        let input = match (choice.source, answer) {
            (PoolingSource::Image, _) => Input::Image(state.image.revision),
            (PoolingSource::Numbers, _) => Input::Numbers,
            (PoolingSource::Map { .. }, Some(answer)) => Input::Trace(answer.whole.clone()),
            // The answer is on its way.
            (PoolingSource::Map { .. }, None) => return,
        };
        let is_other = self.asked.as_ref().is_none_or(|(asked, _)| !asked.is_like(choice));
        if is_other {
            // Nobody waits for what was chosen before; another image, though, does not keep a slow answer away.
            self.latest.call_off();
            self.asked_back = None;
        } else if self.asked.as_ref().is_some_and(|(_, of)| of.is(&input))
            || state.is_training() && self.last.is_some_and(|(at, pause)| at.elapsed() < pause)
        {
            return;
        }
        let map = match (choice.source, answer) {
            (PoolingSource::Map { column, map }, Some(answer)) => {
                map_values(&answer.network, &answer.whole, column, map)
                    .map_err(|sentence| Refusal { setting: Setting::Source, sentence })
            }
            (PoolingSource::Numbers, _) => {
                let Numbers { rows, columns, values } = &choice.numbers;
                Ok((values.clone(), (*rows, *columns)))
            }
            _ => Ok(of_image(&state.image)),
        };
        self.asked = Some((choice.clone(), input));
        match map {
            Ok(map) => {
                let question = Question::Study(Box::new(choice.clone()), map);
                state.pooling.waits_since.get_or_insert_with(Instant::now);
                self.latest.ask(question);
            }
            Err(refusal) => {
                // An answer that is still on its way is about what is no more.
                self.latest.call_off();
                self.refuse(state, refusal);
            }
        }
    }

    /// Asks for the gradients of the page, unless a study is on its way that will have others.
    fn ask_back(&mut self, state: &AppState) {
        let (choice, lab) = (&state.settings.pooling, &state.pooling);
        if choice.show != PoolingShow::Gradient || lab.waits_since.is_some() {
            return;
        }
        let Some(study) = &lab.study else { return };
        let of = lab.gradient_of(choice);
        let is_asked = |(asked, at): &(Arc<Study>, GradientOf)| Arc::ptr_eq(asked, study) && *at == of;
        if !self.asked_back.as_ref().is_some_and(is_asked) {
            self.asked_back = Some((study.clone(), of));
            self.latest.ask(Question::Back(study.clone(), of));
        }
    }
}

/// The current image, as the network sees it before its own preprocessing.
fn of_image(image: &CurrentImage) -> Map {
    let seen = &image.seen;
    let values = seen.as_raw().iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    (values, (seen.height() as usize, seen.width() as usize))
}

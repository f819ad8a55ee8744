//! An example of every action.

use super::{Action, FineTuneAct, Transport};
use crate::{
    explain::what_if::{LayerKernel, LayerMap},
    train::{TrainConfig, sweep::ChangeKind},
    ui::{
        model::{
            convolution::{
                ConvolutionAct, ConvolutionMode, ConvolutionSource, FamilyChoice, FamilySetup, KernelGrid,
            },
            display::{LossScale, MapBrightness, MapScale, MapValues, ThemeChoice},
            evaluate::{EvaluateAct, EvaluateSet},
            file_kind::FileKind,
            hidden::HiddenControl,
            lesson::{LessonAct, LessonAnswer},
            network::NetworkChoice,
            pasted::Pasted,
            pooling::{PoolingMode, PoolingSetup, PoolingSource},
            presenting::PresentAct,
            saliency::{SaliencyChoice, SaliencyKind},
            selection::{MapId, Selection},
            similar::SimilarAct,
            view::ViewId,
        },
        widgets::{Brush, PlaybackAct, draw_canvas::Edit},
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// Every action, in an order in which most of them change something. The files that actions name do not exist.
pub fn actions(config: TrainConfig) -> Vec<Action> {
    let mut actions = vec![
        Action::ShowView(ViewId::Draw),
        Action::SetTheme(ThemeChoice::Light),
        Action::ShowInspector(true),
        Action::SetZoom(1.2),
        Action::ShowKeys(true),
        Action::ShowKeys(false),
        Action::SetBrush(Brush { radius: 0.05, eraser: false }),
        Action::ClearDrawing,
        Action::Draw(Edit::Begin { point: [0.5, 0.2], radius: 0.05, is_eraser: false }),
        Action::Draw(Edit::Extend([0.5, 0.8])),
        Action::Draw(Edit::End),
        Action::Undo,
        Action::Redo,
        Action::SetNormalise(false),
        Action::NextSample,
        Action::ShowSample(3),
        Action::Paste(Pasted::new(Arc::new(egui::ColorImage::filled([3, 2], egui::Color32::WHITE)))),
        Action::PasteText("not a path".into()),
        Action::ShowView(ViewId::Network),
        Action::SetMapScale(MapScale::Fixed),
        Action::SetMapLimit(2.5),
        Action::SetMapBrightness(MapBrightness::Linear),
        Action::ScrollNetwork(1.5),
        Action::SetMapValues(MapValues::Gradients),
        Action::SetLossClass(Some(4)),
        Action::Select(Selection::of(MapId { column: 1, map: 2 })),
        Action::ShowBreakdown(true),
        Action::PlayBreakdown(PlaybackAct::Seek(40)),
        Action::SwitchMap(LayerMap { layer: 0, map: 1 }, false),
        Action::SwitchKernel(LayerKernel { layer: 3, output: 2, input: 0 }, false),
        Action::SwitchAllOn,
        Action::SetSaliency(SaliencyChoice { kind: SaliencyKind::Gradient, ..SaliencyChoice::default() }),
        Action::SetPatchImages(500),
        Action::FindPatches(0),
        Action::StopPatches,
        Action::OpenConvolution { layer: 0, at: 17 },
        Action::OpenPooling { layer: 2, map: 1, at: 30 },
        Action::EditPooling(PoolingSetup { source: PoolingSource::Numbers, ..PoolingSetup::default() }),
        Action::PlayPooling(PlaybackAct::Seek(3)),
        Action::EditPooling(PoolingSetup { show: PoolingMode::Loss, ..PoolingSetup::default() }),
        Action::AskForFile(FileKind::Picture),
        Action::Browse(FileKind::Model),
        Action::AnswerFile("no such file.png".into()),
        Action::CancelFile,
        Action::AskForFile(FileKind::SaveModel),
        Action::Overwrite(false),
        Action::CancelFile,
        Action::UseFile(FileKind::Picture, "no such file.png".into()),
        Action::OpenFile("no such file".into()),
        Action::SetLossScale(LossScale::Linear),
        Action::EditSetup(TrainConfig { lr: config.lr / 2.0, ..config }),
        Action::FineTune(FineTuneAct::Keep(3)),
        Action::FineTune(FineTuneAct::Learn),
        Action::FineTune(FineTuneAct::Cancel),
        Action::FineTune(FineTuneAct::Undo),
        Action::FineTune(FineTuneAct::Forget),
        Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())),
        Action::ChooseNetwork(NetworkChoice::Opened),
        Action::ChooseNetwork(NetworkChoice::LastRun),
        Action::OpenRun(1),
        Action::ChooseNetwork(NetworkChoice::Shipped),
        Action::Train(Transport::Pause),
        Action::Train(Transport::Run),
        Action::Train(Transport::OneBatch),
        Action::Train(Transport::OneEpoch),
        Action::Train(Transport::Rewind),
        Action::Train(Transport::Reset),
        Action::UseEmbeddedData,
        Action::StartOver,
        Action::UndoStartOver,
    ];
    actions.extend(evaluate().into_iter().map(Action::Evaluate));
    let similar = [SimilarAct::Seek(true), SimilarAct::Euclidean(true), SimilarAct::Show(5)];
    actions.extend(similar.map(Action::Similar));
    let at = actions.iter().position(|action| matches!(action, Action::OpenPooling { .. })).unwrap();
    actions.extend(presenting().into_iter().map(Action::Present));
    actions.extend(lesson().into_iter().map(Action::Lesson));
    actions.extend([Action::Welcome(true), Action::Welcome(false), Action::Lesson(LessonAct::Leave)]);
    actions.splice(at..at, convolution().into_iter().map(Action::Convolution));
    actions
}

fn evaluate() -> Vec<EvaluateAct> {
    vec![
        EvaluateAct::UseSet(EvaluateSet::Training),
        EvaluateAct::Follow(false),
        EvaluateAct::Measure,
        EvaluateAct::ShowCell(Some((3, 5))),
        EvaluateAct::ShowChanges(ChangeKind::Noise),
        EvaluateAct::ShowImage(7),
        EvaluateAct::Cancel,
    ]
}

fn convolution() -> Vec<ConvolutionAct> {
    vec![
        ConvolutionAct::SetMode(ConvolutionMode::Sum),
        ConvolutionAct::UseSource(ConvolutionSource::Numbers),
        ConvolutionAct::UseExample(1),
        ConvolutionAct::SetNumber(0, 2.0),
        ConvolutionAct::SetWeight(0, -1.0),
        ConvolutionAct::SetBias(0, 0.5),
        ConvolutionAct::UseKernel(0, 2),
        ConvolutionAct::RandomKernels,
        ConvolutionAct::UsePhoto(1),
        ConvolutionAct::UseSource(ConvolutionSource::Numbers),
        ConvolutionAct::Undo,
        ConvolutionAct::Redo,
        ConvolutionAct::Play(PlaybackAct::Step(1)),
        ConvolutionAct::LookAt(Some(0)),
        ConvolutionAct::ShowWhole(true),
        ConvolutionAct::ShowGrid(KernelGrid::Products),
        ConvolutionAct::ShowResult(1),
        ConvolutionAct::SetMode(ConvolutionMode::Predict),
        ConvolutionAct::Guess(1.5),
        ConvolutionAct::NextGuess,
        ConvolutionAct::NewRound,
        ConvolutionAct::Set(Box::default()),
        ConvolutionAct::UseLearned(0),
        ConvolutionAct::SetMode(ConvolutionMode::Family),
        ConvolutionAct::UseFamily(FamilyChoice::OneDimension),
        ConvolutionAct::SetFamily(Box::new(FamilySetup::new(FamilyChoice::ThreeDimensions))),
        ConvolutionAct::SetFamilyNumber(1, 3.0),
        ConvolutionAct::SetFamilyWeight(0, 1, -2.0),
        ConvolutionAct::ShowFamilyGrid(None),
        ConvolutionAct::ShowKernels(2),
        ConvolutionAct::ResetFamily,
    ]
}

fn presenting() -> Vec<PresentAct> {
    let control = |name: &str| HiddenControl { role: "Button".into(), name: name.into(), number: 0 };
    vec![
        PresentAct::Fill(true),
        PresentAct::Pen(true),
        PresentAct::Touch([0.5, 0.5]),
        PresentAct::Move([0.6, 0.5]),
        PresentAct::Wipe,
        PresentAct::Dark(true),
        PresentAct::Step(1),
        PresentAct::Hiding(true),
        PresentAct::Hide(control("Reset")),
        PresentAct::Hide(control("1 epoch")),
        PresentAct::Show(control("Reset")),
        PresentAct::ShowAll,
    ]
}

fn lesson() -> Vec<LessonAct> {
    vec![
        LessonAct::Open("sliding-window".into()),
        LessonAct::Spotlight(false),
        LessonAct::Answer(LessonAnswer::NoNumber("many".into())),
        LessonAct::Answer(LessonAnswer::Number(12.0)),
        LessonAct::Next,
        LessonAct::Answer(LessonAnswer::Choice(0)),
        LessonAct::Answer(LessonAnswer::Click("output 0, 0".into())),
        LessonAct::Answer(LessonAnswer::Order(vec![1, 0])),
        LessonAct::Hint,
        LessonAct::Solve,
        LessonAct::Back,
        LessonAct::GoTo(1),
        LessonAct::Restore,
        LessonAct::Leave,
        LessonAct::Keep,
    ]
}

fn playback() -> Vec<PlaybackAct> {
    use PlaybackAct::{Begin, End, Loop, Row, Seek, Speed, Step, Toggle};
    vec![Toggle, Step(-1), Row(2), Seek(7), Begin, End, Speed(4.0), Loop(true)]
}

/// The names of all variants, as serde knows them.
fn variants<T: DeserializeOwned>() -> BTreeSet<String> {
    let error = serde_json::from_str::<T>(r#""no variant""#).err().unwrap().to_string();
    let (_, names) = error.split_once("expected").unwrap();
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The names of the variants of `examples`; each example has to come back from JSON as it was.
fn stored<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(examples: &[T]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for example in examples {
        let json = serde_json::to_string(example).unwrap();
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *example);
        names.insert(match serde_json::from_str(&json).unwrap() {
            Value::String(name) => name,
            Value::Object(fields) => fields.keys().next().unwrap().clone(),
            other => panic!("{other}"),
        });
    }
    names
}

#[test]
fn every_action_has_an_example_that_can_be_stored() {
    let config = TrainConfig::from_recipe(&crate::nn::presets::lenet5_relu().recipe, 1);
    assert_eq!(stored(&actions(config)), variants::<Action>());
    assert_eq!(stored(&convolution()), variants::<ConvolutionAct>());
    assert_eq!(stored(&presenting()), variants::<PresentAct>());
    assert_eq!(stored(&playback()), variants::<PlaybackAct>());
    assert_eq!(stored(&lesson()), variants::<LessonAct>());
}

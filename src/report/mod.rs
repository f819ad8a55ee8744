//! A report: what a network is, how it was trained and what it can do, as one HTML file that opens anywhere.

mod chart;
mod facts;
mod figures;
mod html;
mod network;
mod page;
mod picture;
mod repeat;
mod results;
mod run;

pub use facts::{Facts, Run};
pub use page::page;

//! HTML pages of one offline file, and the templates they are made from; the only home of minijinja.
//!
//! Here belongs what every page shares: the document with its one style sheet, escaping, pictures in a page, tables to download, scripts
//! in a page. Never here: what a page says, and how a picture is drawn. The rules:
//!
//! - **Everything is escaped.** A text reaches a page through a template, which escapes it, or as [`Markup`], which only this room makes.
//! - **Nothing is fetched.** One file holds all; the document forbids its own connections (Content-Security-Policy).
//! - **Light, dark, paper.** Colours are tokens of `style.css`; `prefers-color-scheme` chooses, the switch overrides, paper is light.
//!
//! ```
//! use linger::page::{Document, Pictures, Templates, script};
//! use serde::Serialize;
//!
//! #[derive(Serialize)]
//! struct Values<'a> { title: &'a str }
//!
//! let templates = Templates::html(&[("body.html", "<main id=\"main\"><h1>{{ title }}</h1></main>")])?;
//! let body = templates.render("body.html", &Values { title: "A < B" })?;
//! let page = Document { title: "A < B", body, scripts: vec![script("let a = 1;")], ..Document::default() }.html()?;
//! assert!(page.contains("<h1>A &lt; B</h1>"));
//! # Ok::<(), linger::page::TemplateError>(())
//! ```

mod dense;
mod document;
mod download;
mod markup;
mod pictures;
mod script;
mod sheet;
mod size;
mod template;

pub use document::{Document, Look};
pub use download::{data_url, download, plain_name};
pub use markup::Markup;
pub use pictures::{Embedded, PictureError, Pictures};
pub use script::{bytes, data, script};
pub use sheet::{Cell, Sheet};
pub use size::size_in_words;
pub use template::{Filter, TemplateError, Templates};

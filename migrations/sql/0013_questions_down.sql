drop table receipt_questions;

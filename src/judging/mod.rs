//! Comparing data: outputs, values, reasons for a difference. Touches no process.

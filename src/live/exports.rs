//! What a page calls: memory for a request, and the answer to it. The only file with `unsafe`, and only in the browser's core.
#![allow(
    unsafe_code,
    reason = "a page and WebAssembly share nothing but memory: texts are passed by address and length"
)]

/// Room for a request of so many bytes; the page writes it there and hands it back to [`answer`].
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    Box::leak(vec![0_u8; length].into_boxed_slice()).as_mut_ptr()
}

/// Answers the request at an address that [`alloc`] gave for so many bytes, which are given back. The answer begins with its own length in
/// four bytes, lowest first; the page frees it by [`free`].
///
/// # Safety
/// The address and length are those of one call of [`alloc`], and are not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn answer(request: *mut u8, length: usize) -> *mut u8 {
    // SAFETY: as the caller promises, these are the bytes that `alloc` leaked.
    let request = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(request, length)) };
    let text = super::answer(&String::from_utf8_lossy(&request));
    let mut bytes = (text.len() as u32).to_le_bytes().to_vec();
    bytes.extend(text.into_bytes());
    Box::leak(bytes.into_boxed_slice()).as_mut_ptr()
}

/// Gives the memory of an answer back: its address, and its length with the four bytes in front.
///
/// # Safety
/// The address is one that [`answer`] gave, with its length, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(answer: *mut u8, length: usize) {
    // SAFETY: as the caller promises, these are the bytes that `answer` leaked.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(answer, length)) });
}
